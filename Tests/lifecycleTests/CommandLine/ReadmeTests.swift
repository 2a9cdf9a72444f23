import FoundationEssentials
import Testing

@testable import lifecycle

@Suite struct `The README` {
    private static let path = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/README.md"

    @Test func `gives every exit code with its cause`() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        for code in ExitCode.allCases {
            #expect(text.contains("| \(code.rawValue) | \(code.cause) |"), "\(code)")
        }
    }

    @Test func `names the two commands to begin with`() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(text.contains("make demo") && text.contains("make test"))
    }
}
