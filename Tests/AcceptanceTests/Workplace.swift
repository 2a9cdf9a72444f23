import Foundation
import Testing

/// A directory for one test, with a log in it that the program under test makes. It is removed with its value.
final class Workplace {
    let path: String
    private var childCount = 0

    init() throws {
        path = NSTemporaryDirectory() + "lifecycle-acceptance-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Issue.record("\(path) stays: \(error)")
        }
    }

    /// The directory that `--data` names.
    var data: String { path + "/data" }
    var log: String { data + "/log" }

    func start(_ words: [String]) throws -> Child {
        childCount += 1
        return try Child(words, files: "\(path)/run-\(childCount)")
    }

    @discardableResult
    func run(_ words: String..., code: Int32? = 0, location: SourceLocation = #_sourceLocation) throws -> Run {
        try run(words, code: code, location: location)
    }

    /// Runs the program to its end, which must be `code`.
    @discardableResult
    func run(_ words: [String], code: Int32? = 0, location: SourceLocation = #_sourceLocation) throws -> Run {
        let run = try start(words).wait()
        #expect(run.code == code, "\(words.joined(separator: " ")): \(run.errors)", sourceLocation: location)
        return run
    }

    /// Returns what the program prints under `--json`.
    func ask<Answer: Decodable>(
        _ words: String..., as type: Answer.Type = Answer.self, location: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        let run = try run(words + ["--data", data, "--json"], location: location)
        return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    func stages(at instant: String) throws -> StagesAnswer { try ask("stages", "--at", instant) }

    func digest(at instant: String = CDNOW.end) throws -> String {
        try ask("digest", "--at", instant, as: DigestAnswer.self).digest
    }

    /// Returns the segments of the log, oldest first.
    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: log).filter { $0.hasSuffix(".frames") }.sorted().map {
            log + "/" + $0
        }
    }

    func logByteCount() throws -> Int {
        try segments().reduce(0) { try $0 + Data(contentsOf: URL(filePath: $1), options: .alwaysMapped).count }
    }
}

/// The output of `stages --json`.
struct StagesAnswer: Decodable, Equatable {
    let stages: [String: Int]
    let transitions: [String: Int]
    let behind: Int

    /// The stages that have customers; reference files leave out the others.
    var inhabited: [String: Int] { stages.filter { $0.value > 0 } }
}

/// The output of `digest --json`.
struct DigestAnswer: Decodable, Equatable {
    let digest: String
}

/// The output of `import --json`.
struct ImportAnswer: Decodable, Equatable {
    struct Line: Decodable, Equatable {
        let line: Int
        let field: String
        let expected: String
        let found: String
    }

    let rows: Int
    let appended: Int
    let alreadyThere: Int
    let rejected: Int
    let rejectedLines: [Line]

    enum CodingKeys: String, CodingKey {
        case rows
        case appended
        case alreadyThere = "already_there"
        case rejected
        case rejectedLines = "rejected_lines"
    }
}

/// The output of `customers --json`.
struct CustomersAnswer: Decodable {
    struct Customer: Decodable {
        let id: String
        let stage: String
        let sequence: Int
        let orders: Int
        let revenue: Revenue

        enum CodingKeys: String, CodingKey {
            case id = "customer_id"
            case stage
            case sequence
            case orders
            case revenue
        }
    }

    struct Revenue: Decodable {
        /// Nil where it is not known.
        let amount: Int?
    }

    let customers: [Customer]
}
