import CommandLine
import FoundationEssentials
import Service
import Testing

@testable import lifecycle

@Suite struct `The README` {
    private static let path = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/README.md"

    @Test func `gives every exit code with its cause`() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        for code in ExitCode.table {
            #expect(text.contains("| \(code.number) | \(code.cause) |"), "\(code)")
        }
    }

    @Test func `has a code of its own for each cause, in their order`() {
        #expect(ExitCode.table.map(\.number) == Array(0...17))
    }

    @Test func `names the two commands to begin with`() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(text.contains("make demo") && text.contains("make test"))
    }
}
