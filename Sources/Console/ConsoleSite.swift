import CommandLine
import CustomerLifecycle
import Files
package import HTTP
import PolicyLanguage
package import Processor
import Service
import Wire

/// Every path that the console answers: pages for people, the API for programs. It changes nothing, and asks nobody
/// else.
package struct ConsoleSite: Sendable {
    /// Of a list on a page.
    private static let rowCount = 100
    /// Of a table that is downloaded: about 20 MB.
    private static let tableRowCountMax = 100_000

    private let log: any AskedLog
    /// Nil where changes are not followed.
    private let live: LiveChanges?
    private let version: String
    /// Asks what a proposed policy would change; nil where none is named.
    private let proposal: PolicyDiffQuestion?

    package init(
        _ log: any AskedLog, live: LiveChanges?, version: String, proposal: PolicyDiffQuestion? = nil
    ) {
        self.log = log
        self.live = live
        self.version = version
        self.proposal = proposal
    }

    package var routes: [Route] {
        let api = apiRoutes
        let document = OpenAPI.document(of: api, version: version)
        return pages + api.map(\.route) + Stylesheet.routes + [
            Script.route,
            Route("/openapi.json") { request, _ in Response.json(document).tagged(version, for: request) },
            Route("/livez", isOpen: true) { _, _ in Response(.ok) },
            Route("/readyz", isOpen: true) { _, _ in Response(isReady ? .ok : .unavailable) },
        ]
    }

    /// Has what the pages ask first kept up with the log from now on, so that nobody waits for it.
    package func keepPages() throws(ProcessorError) {
        try log.keep([StagesQuestion()])
        let stages = log.following.moment?.policy.policy.stages ?? []
        try log.keep(([nil] + stages).map { CustomersQuestion(stage: $0, limit: Self.rowCount) })
    }

    private var isReady: Bool { log.following.moment != nil && log.following.trouble == nil }

    // MARK: API

    var apiRoutes: [APIRoute] {
        let log = log
        return [
            .survey(
                "/stages", "How many customers are where, and which ways they took.", StagesQuestion.self, of: log,
                version: version),
            .survey(
                "/customers", "Customers of a stage, phase or segment.", CustomersQuestion.self, of: log,
                version: version,
                check: { question throws(ProblemDetails) in
                    guard question.limit <= APIRoute.listCountMax else {
                        throw ProblemDetails(.badRequest, "limit: expected at most \(APIRoute.listCountMax)")
                    }
                }),
            .slow(
                "/customers/{customer}", "Where a customer stands and why, with the whole story.",
                ExplainQuestion.self, of: log, argument: "customer"),
            .slow(
                "/actions", "What fell due and what did not, what is to come, and what came of experiments.",
                ActionsQuestion.self, of: log),
            APIRoute(
                "/changes",
                "Changes as they are published: a stream of server-sent events, `change`, each a CloudEvent."
            ) { request throws(ProblemDetails) in
                guard let live else { throw ProblemDetails(.notFound, "Changes are not followed here.") }
                return Response(try live.open(after: request.values(of: "last-event-id").first))
            },
            APIRoute("/policy/diff", "What the proposed policy would change (console --proposed FILE).") {
                _ throws(ProblemDetails) in .json(try difference().json)
            },
            APIRoute("/policy", "The policy in force, line by line.") { request throws(ProblemDetails) in
                guard let moment = log.following.moment else {
                    throw ProblemDetails(.unavailable, "The log is being read.")
                }
                return .json(PolicyReport(moment.policy.compiled).json)
            },
        ]
    }

    // MARK: Pages

    private var pages: [Route] {
        [
            page("/") { request throws(ProblemDetails) in
                let question = StagesQuestion(asOf: try day(of: request))
                let report = try ask(question)
                let phases = log.following.moment?.policy.compiled.phases ?? []
                return frame("Where your customers are", .overview, knownUpTo: report.asOf).response {
                    OverviewPage(
                        report: report, phases: phases, asOf: question.asOf,
                        newest: question.asOf == nil ? live?.newest(20) : nil
                    ).write(into: &$0)
                }
            },
            page("/movements") { _ throws(ProblemDetails) in
                let report = try ask(StagesQuestion())
                return frame("Who moved from where to where", .movements, knownUpTo: report.asOf).response {
                    MovementsPage(report: report).write(into: &$0)
                }
            },
            page("/customers") { request throws(ProblemDetails) in
                var question = CustomersQuestion(
                    try APIRoute.settings(of: Self.filled(request), for: CustomersQuestion.parameters))
                question.limit = min(max(question.limit, Self.rowCount), APIRoute.listCountMax)
                let report = try ask(question)
                let policy = log.following.moment?.policy
                return frame("Which customers are these?", .customers, knownUpTo: report.asOf).response {
                    CustomersPage(question: question, report: report, policy: policy).write(into: &$0)
                }
            },
            page("/customers.csv") { request throws(ProblemDetails) in
                var question = CustomersQuestion(
                    try APIRoute.settings(of: Self.filled(request), for: CustomersQuestion.parameters))
                question.limit = CustomersQuestion.everybody
                return try table(of: question)
            },
            page("/customers/{customer}") { request throws(ProblemDetails) in
                let question = ExplainQuestion(customer: request.segments[1], asOf: try day(of: request))
                let report: ExplainReport
                do throws(SlowFailure) { report = try log.askSlowly(question) } catch { throw ProblemDetails(error) }
                return frame(report.customer, nil, knownUpTo: report.asOf).response {
                    CustomerPage(report: report, isOfNow: question.asOf == nil).write(into: &$0)
                }
            },
            page("/actions") { _ throws(ProblemDetails) in
                let report: ActionsReport
                do throws(SlowFailure) {
                    report = try log.askSlowly(ActionsQuestion(since: nil, aheadDays: 7, withinDays: 30))
                } catch { throw ProblemDetails(error) }
                return frame("What falls due, and what came of it?", .actions).response {
                    ActionsPage(report: report).write(into: &$0)
                }
            },
            page("/rules") { _ throws(ProblemDetails) in
                let report = try ask(StagesQuestion())
                guard let policy = log.following.moment?.policy else {
                    throw ProblemDetails(.unavailable, "The log is empty.")
                }
                return frame("By which rules?", .rules).response {
                    RulesPage(policy: policy, report: report, hasProposal: proposal != nil).write(into: &$0)
                }
            },
            page("/rules/diff") { _ throws(ProblemDetails) in
                let report = try difference()
                return frame("What would other rules change?", .rules, knownUpTo: report.asOf).response {
                    ProposedPage(report: report).write(into: &$0)
                }
            },
            page("/health") { _ throws(ProblemDetails) in
                frame("Is it well?", .health).response { HealthPage(following: log.following).write(into: &$0) }
            },
        ]
    }

    /// A page whose problems are pages too.
    private func page(
        _ path: String, _ answer: @escaping @Sendable (Request) throws(ProblemDetails) -> Response
    ) -> Route {
        Route(path) { request, _ in
            do throws(ProblemDetails) {
                return try answer(request)
            } catch {
                let page = frame(error.status.title, nil).page { $0.element("p", error.detail) }
                return Response(error.status, page, type: "text/html; charset=utf-8")
            }
        }
    }

    private func frame(_ title: String, _ place: PageFrame.Place?, knownUpTo: Instant? = nil) -> PageFrame {
        PageFrame(title: title, place: place, following: log.following, knownUpTo: knownUpTo)
    }

    private func ask<Q: Survey>(_ question: Q) throws(ProblemDetails) -> Q.Answer {
        do throws(ProcessorError) { return try log.ask(question).answer } catch { throw ProblemDetails(error) }
    }

    private func difference() throws(ProblemDetails) -> PolicyDiffReport {
        guard let proposal else {
            throw ProblemDetails(.notFound, "No policy is proposed: `lifecycle console --proposed FILE` names one.")
        }
        do throws(SlowFailure) { return try log.askSlowly(proposal) } catch { throw ProblemDetails(error) }
    }

    /// A list as CSV, whole or not at all.
    private func table(of question: CustomersQuestion) throws(ProblemDetails) -> Response {
        do throws(SlowFailure) {
            let text: String? = try log.withListing(question) { listing in
                guard listing.shownCount <= Self.tableRowCountMax else { return nil }
                var csv = CustomerCSV(showsMoves: question.moves != nil)
                var text = csv.header
                listing.lendEach { row in
                    text += csv.line(row)
                    return true
                }
                return text
            }
            guard let text else {
                throw SlowFailure.failed(
                    ProcessorError(
                        .usage,
                        "More than \(Grouped(Self.tableRowCountMax)) customers are more than a page gives: "
                            + "`lifecycle customers --csv` writes a list of any length."))
            }
            return Response(
                .ok, text, type: "text/csv; charset=utf-8",
                headers: [("Content-Disposition", "attachment; filename=\"customers.csv\"")])
        } catch {
            throw ProblemDetails(error)
        }
    }

    /// The instant that a page is asked about; a day is one to its end. What a form leaves empty is not asked.
    private func day(of request: Request) throws(ProblemDetails) -> Instant? {
        guard let text = request.query.first(where: { $0.name == "at" })?.value, !text.isEmpty else { return nil }
        guard let instant = InstantText.read(text) else {
            throw ProblemDetails(.badRequest, "at: expected a day such as 2026-06-30, or an instant, not \(text)")
        }
        let isDay = text.utf8.count == 10
        return isDay ? instant + .days(1) - Milliseconds(1) : instant
    }

    /// Without what a form leaves empty.
    private static func filled(_ request: Request) -> Request {
        request.keeping { !$0.value.isEmpty }
    }
}
