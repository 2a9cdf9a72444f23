import CommandLine
import FoundationEssentials
import Service
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
        #expect(ExitCode.table.map(\.number) == Array(0...17))
    }
}
