import FoundationEssentials
import Testing

@testable import lifecycle

@Suite struct `Exit codes` {
    private static let article =
        #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }
        + "/Sources/lifecycle/Documentation.docc/Operating.md"

    @Test func `are all listed in the article on operating, with their causes`() throws {
        let text = try String(contentsOfFile: Self.article, encoding: .utf8)
        for code in ExitCode.allCases {
            #expect(text.contains("| \(code.rawValue) | \(code.cause) |"), "\(code)")
        }
    }
}
