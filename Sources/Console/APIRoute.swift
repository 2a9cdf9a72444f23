import CommandLine
import CustomerLifecycle
import HTTP
import PolicyLanguage
import Processor
import Service
import Wire

/// A path that programs ask: what it answers, and what it may be asked for. Routes and the OpenAPI document are made of
/// the same table.
struct APIRoute: Sendable {
    static let root = "/api/v1"
    /// As many as one answer lists; a `limit` above it is refused.
    static let listCountMax = 1_000

    let path: String
    let summary: String
    let parameters: [Declaration]
    private let answer: @Sendable (Request) -> Response

    init(
        _ path: String, _ summary: String, parameters: [Declaration] = [],
        answer: @escaping @Sendable (Request) throws(ProblemDetails) -> Response
    ) {
        self.path = Self.root + path
        self.summary = summary
        self.parameters = parameters
        self.answer = { request in
            do throws(ProblemDetails) { return try answer(request) } catch { return error.response }
        }
    }

    var route: Route { Route(path) { request, _ in answer(request) } }

    /// A question whose answer of now is kept in memory. Another version of the program may write it otherwise.
    static func survey<Q: Survey & ToldQuestion>(
        _ path: String, _ summary: String, _ kind: Q.Type, of log: any AskedLog, version: String,
        check: @escaping @Sendable (Q) throws(ProblemDetails) -> Void = { _ in }
    ) -> Self {
        Self(path, summary, parameters: Q.parameters) { request throws(ProblemDetails) in
            let question = Q(try settings(of: request, for: Q.parameters))
            try check(question)
            do throws(ProcessorError) {
                let found = try log.ask(question)
                let response = Response.json(found.answer.json)
                return found.tag.isEmpty ? response : response.tagged("\(version)-\(found.tag)", for: request)
            } catch {
                throw ProblemDetails(error)
            }
        }
    }

    /// A question for which the log is read. `argument` is the parameter that stands in the path.
    static func slow<Q: ToldQuestion>(
        _ path: String, _ summary: String, _ kind: Q.Type, of log: any AskedLog, argument: String? = nil
    ) -> Self {
        Self(path, summary, parameters: Q.parameters) { request throws(ProblemDetails) in
            let own = argument.map { name in [(name: name, value: request.segments.last)] } ?? []
            let question = Q(try settings(of: request, for: Q.parameters, besides: own))
            do throws(SlowFailure) { return .json(try log.askSlowly(question).json) } catch {
                throw ProblemDetails(error)
            }
        }
    }

    /// Checks a query as a command line is checked.
    static func settings(
        of request: Request, for parameters: [Declaration], besides own: [(name: String, value: String?)] = []
    ) throws(ProblemDetails) -> Settings {
        // A name alone, as for a flag, and an empty value are one thing here.
        let pairs = request.query.map { (name: $0.name, value: $0.value.isEmpty ? nil : $0.value) }
        do throws(CommandFailure) {
            return try Settings(parameters, QueryReader(pairs + own, for: parameters))
        } catch {
            throw ProblemDetails(.badRequest, error.description)
        }
    }
}

extension ProblemDetails {
    init(_ error: ProcessorError) {
        switch error.cause {
        case .notFound: self.init(.notFound, error.description)
        case .usage where error == .stillReads: self.init(.unavailable, error.description, retryAfter: 2)
        case .usage where error == .tooManyAsk: self.init(.unavailable, error.description, retryAfter: 10)
        case .usage: self.init(.badRequest, error.description)
        default: self.init(.unavailable, error.description)
        }
    }

    init(_ failure: SlowFailure) {
        switch failure {
        case .busy: self.init(.tooManyAsk)
        case .failed(let error): self.init(error)
        }
    }
}
