import CommandLine
import Testing

@testable import lifecycle

@Suite struct `A configuration file` {
    @Test func `that is named must be there, the usual one need not`() throws {
        #expect(throws: CommandFailure.self) { try ConfigurationFile.reader("/nowhere/shop.yaml") }
        #expect(try ConfigurationFile.reader(nil) == .none)
    }
}
