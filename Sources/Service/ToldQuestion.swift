package import CommandLine
import CustomerLifecycle
package import Processor

/// A question whose parameters can be written as text, on a command line or in the query of a URL, and whose answer
/// people can read.
package protocol ToldQuestion: Question where Answer: ReadableReport {
    /// The parameters, in the order in which help shows them.
    static var parameters: [Declaration] { get }

    /// Makes the question of `settings`, which declare `parameters`.
    init(_ settings: Settings)
}

private let at = Parameter.optional(
    "at", Format<Instant>.instant,
    help: "what today's log knows about this instant, inclusive; without it, the newest instant the log knows")

extension StagesQuestion: ToldQuestion {
    private static let months = Parameter.optional(
        "months", Format<Int>.integer(in: 1...120), help: "also count at the end of each of the last N months (UTC)")

    private static let since = Parameter.optional(
        "since", Format<Instant>.instant, help: "also count who moved from this instant on, and by which lines")

    private static let events = Parameter.flag(
        "events", help: "also list the events in the log that have no known name, and what they look like")

    private static let policyOf = Parameter.standard(
        "policy-of", Format<PolicyOf>.choice, "now",
        help: "with --at: the policy in force now, or the one in force then")

    package static let parameters = [
        at.declaration, policyOf.declaration, months.declaration, since.declaration, events.declaration,
    ]

    package init(_ settings: Settings) {
        self.init(
            asOf: settings[at], isUnderPolicyOfThen: settings[Self.policyOf] == .then,
            monthCount: settings[Self.months], since: settings[Self.since], listsEvents: settings[Self.events])
    }
}

/// Which of the policies that a log has had.
private enum PolicyOf: String, CaseIterable, Sendable {
    case now, then
}

extension CustomersQuestion: ToldQuestion {
    private static let stage = Parameter.optional("stage", Format<String>.text, help: "only customers in this stage")
    private static let phase = Parameter.optional(
        "phase", Format<String>.text, help: "only customers whose stage has this name in a vocabulary of phases")
    private static let segment = Parameter.optional(
        "segment", Format<String>.text, help: "only customers in this segment")
    private static let moved = Parameter.optional(
        "moved", Format<AskedMoves>.way,
        help: "only who moved from one stage to another, when and why; either may be left out, none is before the first"
    )
    private static let since = Parameter.optional(
        "since", Format<Instant>.instant, help: "only who moved from this instant on")
    private static let sort = Parameter.standard(
        "sort", Format<Order>.choice, "id", help: "by id, entry into the stage, orders, revenue, …")
    private static let descending = Parameter.flag("descending", help: "largest or latest first")
    package static let limit = Parameter.standard(
        "limit", Format<Int>.limit(from: 1), "20", help: "how many to list; all lists everybody")

    package static let parameters = [
        stage.declaration, phase.declaration, segment.declaration, moved.declaration, since.declaration,
        sort.declaration, descending.declaration, limit.declaration, at.declaration,
    ]

    package init(_ settings: Settings) {
        var moves = settings[Self.moved]
        if let since = settings[Self.since] {
            moves = moves ?? AskedMoves()
            moves?.since = since
        }
        self.init(
            asOf: settings[at], stage: settings[Self.stage], phase: settings[Self.phase],
            segment: settings[Self.segment], moves: moves, order: settings[Self.sort],
            isDescending: settings[Self.descending], limit: settings[Self.limit])
    }
}

extension ExplainQuestion: ToldQuestion {
    private static let customer = Parameter.argument(
        "CUSTOMER", Format<String>.text, help: "the customer's id, with or without its prefix u: or a:")

    package static let parameters = [customer.declaration, at.declaration]

    package init(_ settings: Settings) { self.init(customer: settings[Self.customer], asOf: settings[at]) }
}

extension ActionsQuestion: ToldQuestion {
    private static let since = Parameter.optional(
        "since", Format<Instant>.instant, help: "only what was decided from this instant on")
    private static let ahead = Parameter.standard(
        "next", Format<Int>.integer(in: 1...400), "7", help: "so many days ahead to say what is to come")
    private static let within = Parameter.standard(
        "within", Format<Int>.integer(in: 1...400), "30",
        help: "of experiments: so many days after the first release an order counts")

    package static let parameters = [since.declaration, ahead.declaration, within.declaration]

    package init(_ settings: Settings) {
        self.init(
            since: settings[Self.since], aheadDays: settings[Self.ahead], withinDays: settings[Self.within])
    }
}

extension DigestQuestion: ToldQuestion {
    package static let parameters = [at.declaration]

    package init(_ settings: Settings) { self.init(asOf: settings[at]) }
}

extension Format<AskedMoves> {
    fileprivate static let way = Self("FROM..TO", expected: "two stages, as active..at_risk, active.. or ..at_risk") {
        text in
        guard let dots = text.firstRange(of: "..") else { return nil }
        let (from, to) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
        guard !(from + to).contains(".") else { return nil }
        return AskedMoves(from: from.isEmpty ? nil : from, to: to.isEmpty ? nil : to)
    }
}

extension Format<Int> {
    package static func limit(from least: Int) -> Self {
        Self("N|all", expected: "a whole number from \(least) up, or all") { text in
            text == "all" ? CustomersQuestion.everybody : integer(in: least...(.max - 1)).read(text)
        }
    }
}
