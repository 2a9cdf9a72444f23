import CustomerLifecycle
import Testing

@testable import PolicyLanguage

@Suite struct `A segment` {
    private static func compile(_ segments: String, more: String = "") -> CompiledPolicy {
        PolicyCompiler.compile(
            """
            policy: t
            currency: EUR
            \(more)
            stages:
              - loyal: orders >= 3
              - buyer: orders >= 1
              - guest: otherwise
            segments:
            \(segments)
            """)
    }

    @Test func `may ask for the stage and for what we did, in the order of the file`() throws {
        let compiled = Self.compile(
            """
              old_hand: stage in loyal, buyer and since stage entered > 30 days
              other:    not stage is loyal
              dear:     total cost > margin
            """, more: "assume: {margin: 40 %}\ncontact: {cost: {email: 2 EUR per 1000}}")
        let policy = try #require(compiled.policy, "\(compiled.errors)")
        #expect(policy.segments.map(\.name) == ["old_hand", "other", "dear"])
        #expect(policy.segments.map(\.line) == [10, 11, 12])
        let text = NodeText(policy: policy)
        #expect(
            policy.segments.map { text.text($0.condition) } == [
                "all(stage[3], since stageEntered greater 2592000000)", "not stage[1]", "totalCost greater margin",
            ])
    }

    @Test(arguments: [
        ("  a: stage is loyl", "9:15: error: unknown stage \"loyl\"; did you mean \"loyal\"?"),
        ("  a: stage in loyal, x", "9:22: error: unknown stage \"x\""),
        ("  a: stage in 1", "9:15: error: expected a stage, for example stage in loyal, active"),
        ("  a: stage = loyal", "9:6: error: write \"stage is loyal\", or \"stage in loyal, active\" for several"),
        (
            "  a: orders >= 1\n  b: a",
            "10:6: error: only actions may ask for a segment; use define: for a shared condition"
        ),
        ("  orders: orders >= 1", "9:3: error: \"orders\" already means something; choose another name"),
        ("  Big: orders >= 1", "9:3: error: \"Big\" is not a name; use small letters, digits and _"),
        (
            "  a: margin > 5 EUR",
            "1:1: error: \"margin\" is used; say \"assume: margin:\" (nothing is assumed silently)"
        ),
        ("  a: contacts > 2", "9:6: error: say over which time, for example contacts in last 30 days"),
        (
            "  a: contacts in last 30 days > 9",
            "9:33: error: we remember the last 8 contacts; compare with a number up to 8"
        ),
    ])
    func `that is wrong is told where it is`(segments: String, expected: String) {
        let compiled = Self.compile(segments)
        #expect(compiled.policy == nil)
        #expect(compiled.errors.map(compiled.rendered) == ["policy.yaml:" + expected])
    }

    @Test func `that a later check refuses keeps no adopted policy out of force, and is left out of it`() throws {
        let text = Array(
            "policy: t\nstages:\n  - a: otherwise\nsegments:\n  b: orders >= 1\n  c: stage is gone\n".utf8)
        #expect(PolicyCompiler.compile(text).policy == nil)
        let policy = try #require(PolicyCompiler.compile(text, zones: []).policy)
        #expect(policy.segments.map(\.name) == ["b"])
    }

    @Test func `is one of at most 64`() {
        let many = (1...65).map { "  s\($0): orders >= \($0)" }.joined(separator: "\n")
        #expect(Self.compile(many).errors.map(\.message) == ["more than 64 segments"])
    }

    @Test func `that contradicts itself is noted`() {
        let compiled = Self.compile(
            """
              never: orders >= 1 and orders < 1
              some:  orders >= 1 and orders < 3
              old:   stage is loyal and orders < 1
            """)
        #expect(compiled.errors.isEmpty)
        let notes = compiled.problems.map { "\($0.line):\($0.column): \($0.message)" }.filter { $0.contains("nobody") }
        #expect(notes == ["9:3: nobody can be in \"never\": it contradicts itself"])
    }
}
