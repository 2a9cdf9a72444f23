import Testing

@testable import CustomerLifecycle

@Suite struct `A subject` {
    private static func kind(_ text: String) -> Subject.Kind? {
        Array(text.utf8).withUnsafeBytes { Subject.kind(of: $0) }
    }

    @Test(arguments: [
        ("u:anna", Subject.Kind.user), ("a:web-1", .anonymous), ("u:a:x", .user), ("u:", nil), ("a:", nil), ("", nil),
        ("anna", nil), ("U:anna", nil), ("u", nil), ("au:x", nil),
    ])
    func `has its kind by what it begins with, and an id behind it`(text: String, kind: Subject.Kind?) {
        #expect(Self.kind(text) == kind)
        #expect(Array(text.utf8).withUnsafeBytes { Subject.isUser($0) } == (kind == .user))
        #expect(Subject.userID(of: text) == (kind == .user ? String(text.dropFirst(2)) : nil))
    }

    @Test(arguments: [
        ("anna", ["u:anna", "a:anna"]), ("u:anna", ["u:anna"]), ("a:web-1", ["a:web-1"]), ("u:", ["u:u:", "a:u:"]),
    ])
    func `may be typed without its prefix, and a user is meant before a visitor`(text: String, meant: [String]) {
        #expect(Subject.meant(by: text) == meant)
    }
}
