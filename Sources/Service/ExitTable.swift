package import CommandLine
package import Processor
import Storage

/// The codes that the process ends with, one for each cause. This is the only table of them; the article Operating
/// prints it.
extension ExitCode {
    package static let answerIsNo = ExitCode(1, "the answer is no")
    package static let someInputRefused = ExitCode(3, "done, but some input was refused")
    package static let brokerUnreachable = ExitCode(4, "the broker cannot be reached")
    package static let directoryInUse = ExitCode(5, "another process uses the directory")
    package static let damagedLog = ExitCode(
        6, "the log is damaged, or holds a kind of record this version does not know")
    package static let otherFoldVersion = ExitCode(
        7, "another version of the fold is in force: upgrade the log, or use a newer build")
    package static let notOurLog = ExitCode(8, "this is another log, or it was never created")
    package static let pastBeingLost = ExitCode(9, "the topics are set up such that the past is being lost")
    package static let offsetMissing = ExitCode(10, "the committed offset is missing")
    package static let offsetBeyondEnd = ExitCode(11, "the committed offset lies beyond the log's end")
    package static let foldNotDeterministic = ExitCode(
        12, "the same log gave other outputs: a defect of ours, keep the data")
    package static let poisonRecord = ExitCode(13, "a record stopped the fold three times")
    package static let fenced = ExitCode(14, "another instance took over")
    package static let notTheLogFolded = ExitCode(15, "the log is not the one that was folded")
    package static let refusedByBroker = ExitCode(16, "the broker refused: authentication or authorisation")
    package static let clientHung = ExitCode(17, "the client library hung")
    package static let noSpace = ExitCode(18, "no space is left on a disk of this machine")
    package static let noPermission = ExitCode(19, "this machine does not permit it")
    package static let limitReached = ExitCode(20, "a limit of this machine: open files, memory, or a file's size")
    package static let wrongPath = ExitCode(21, "a path does not lead to what it has to, as a directory")
    package static let brokenDisk = ExitCode(22, "a file of this machine cannot be read or written")

    /// All codes, ordered by number.
    package static let table: [ExitCode] = [
        done, answerIsNo, usage, someInputRefused, brokerUnreachable, directoryInUse, damagedLog, otherFoldVersion,
        notOurLog, pastBeingLost, offsetMissing, offsetBeyondEnd, foldNotDeterministic, poisonRecord, fenced,
        notTheLogFolded, refusedByBroker, clientHung, noSpace, noPermission, limitReached, wrongPath, brokenDisk,
    ]

    /// Maps the cause of a processor's failure to the code that the process ends with.
    package init(_ cause: ProcessorError.Cause) {
        self =
            switch cause {
            case .brokerUnreachable: .brokerUnreachable
            case .directoryInUse: .directoryInUse
            case .damagedLog: .damagedLog
            case .otherFoldVersion: .otherFoldVersion
            case .notOurLog: .notOurLog
            case .pastIsBeingLost: .pastBeingLost
            case .offsetMissing: .offsetMissing
            case .offsetBeyondEnd: .offsetBeyondEnd
            case .foldNotDeterministic: .foldNotDeterministic
            case .poisonRecord: .poisonRecord
            case .fenced: .fenced
            case .otherLogContent: .notTheLogFolded
            case .refused: .refusedByBroker
            case .hung: .clientHung
            case .usage, .inputMissing: .usage
            case .notFound: .answerIsNo
            case .local(.noSpace): .noSpace
            case .local(.noPermission): .noPermission
            case .local(.limitReached): .limitReached
            case .local(.wrongPath): .wrongPath
            case .local(.brokenDisk): .brokenDisk
            }
    }
}

extension CommandFailure {
    package init(_ error: ProcessorError) { self.init(ExitCode(error.cause), error.description) }

    /// Runs `body` and turns its failure into one that ends the command.
    package static func translating<Result>(
        _ body: () throws(ProcessorError) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(ProcessorError) { return try body() } catch { throw CommandFailure(error) }
    }
}
