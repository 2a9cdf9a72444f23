/// What the process ends with: one cause, one code. This is the only table of them; the article Operating prints it.
enum ExitCode: Int32, CaseIterable, Sendable {
    case done = 0
    case answerIsNo = 1
    case usage = 2
    case someInputRefused = 3
    case brokerUnreachable = 4
    case directoryInUse = 5
    case damagedLog = 6
    case otherFoldVersion = 7
    case notOurLog = 8
    case pastBeingLost = 9
    case offsetMissing = 10
    case offsetBeyondEnd = 11
    case foldNotDeterministic = 12
    case poisonRecord = 13
    case fenced = 14
    case notTheLogFolded = 15
    case refusedByBroker = 16
    case clientHung = 17

    var cause: String {
        switch self {
        case .done: "done"
        case .answerIsNo: "the answer is no"
        case .usage: "the command line, a setting or a file of yours is not as expected"
        case .someInputRefused: "done, but some input was refused"
        case .brokerUnreachable: "the broker cannot be reached"
        case .directoryInUse: "another process uses the directory"
        case .damagedLog: "the log is damaged, or holds a kind of record this version does not know"
        case .otherFoldVersion: "the log was folded by another version; `lifecycle upgrade` comes first"
        case .notOurLog: "this is another log, or it was never created"
        case .pastBeingLost: "the topics are set up such that the past is being lost"
        case .offsetMissing: "the committed offset is missing"
        case .offsetBeyondEnd: "the committed offset lies beyond the log's end"
        case .foldNotDeterministic: "the same log gave other outputs: a defect of ours, keep the data"
        case .poisonRecord: "a record stopped the fold three times"
        case .fenced: "another instance took over"
        case .notTheLogFolded: "the log is not the one that was folded"
        case .refusedByBroker: "the broker refused: authentication or authorisation"
        case .clientHung: "the client library hung"
        }
    }
}

/// Why a command ends early, told to the person who must act.
struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
    let code: ExitCode
    let description: String

    init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}
