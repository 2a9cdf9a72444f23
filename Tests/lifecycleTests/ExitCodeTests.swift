import Brokers
import CommandLine
import FoundationEssentials
import Glibc
import Processor
import Service
import Storage
import Testing

@testable import lifecycle

@Suite struct `Exit codes` {
    private static let article =
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        + "/Sources/lifecycle/Documentation.docc/Operating.md"

    @Test func `are all listed in the article on operating, with their causes`() throws {
        let text = try String(contentsOfFile: Self.article, encoding: .utf8)
        for code in ExitCode.table {
            #expect(text.contains("| \(code.number) | \(code.cause) |"), "\(code)")
        }
    }

    @Test func `are one for each cause, in their order`() {
        #expect(ExitCode.table.map(\.number) == Array(0...22))
    }

    /// What the system says of a file, whether the log's, a checkpoint's or a state directory's.
    @Test(
        arguments: [
            18: [ENOSPC, EDQUOT], 19: [EACCES, EPERM, EROFS], 20: [EMFILE, ENFILE, ENOMEM, EFBIG],
            21: [ENOTDIR, EISDIR],
            22: [EIO, ESTALE],
        ] as [Int32: [Int32]])
    func `of causes that lie in this machine are their own`(expected: Int32, codes: [Int32]) {
        for code in codes {
            let error = StorageError.system(action: "write", path: "/data/log", code: code)
            #expect(ExitCode(ProcessorError(error).cause).number == expected)
            #expect(ExitCode(ProcessorError(BrokerError(error)).cause).number == expected)
        }
    }
}
