import CustomerLifecycle
import Testing

@testable import PolicyLanguage

@Suite struct `Variants of a policy` {
    private static let policy = PolicyCompiler.compile(
        """
        policy: t
        assume: {gap between orders: 70 days}
        define:
          patience: 2.9 * usual gap, at least 40 days, at most 150 days   # 150 days
        stages:
          - lost:  silence > 385 days
          - quiet: orders in last 365 days >= 1 and silence > patience
          - buyer: orders >= 1
          - guest: otherwise
        """)

    @Test(arguments: [
        ("line 6: 300, 400 days", [6: "lost:  silence > 300 days"]),
        ("lost: 300, 400 days", [:]), ("patience: at most 100 days", [4: "at most 100 days   # 150 days"]),
        ("patience: at least 10, 20 days", [4: "at least 10 days, at most 150 days"]),
        ("patience: 2, 3.5 *", [4: "patience: 2 * usual gap"]),
    ])
    func `have another number in one place`(request: String, expected: [Int: String]) throws {
        guard !expected.isEmpty else {
            #expect(throws: PolicyVariants.Mistake.self) { try PolicyVariants(request, of: Self.policy) }
            return
        }
        let variants = try PolicyVariants(request, of: Self.policy).variants
        let lines = String(decoding: try #require(variants.first).policy.text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        for (line, text) in expected { #expect(lines[line - 1].contains(text), "\(lines[line - 1])") }
        #expect(variants.allSatisfy { $0.policy.policy?.stages == ["lost", "quiet", "buyer", "guest"] })
        #expect(Set(variants.map(\.name)).count == variants.count)
    }

    @Test(arguments: [
        "line 6", "line 6: soon", "line 99: 5 days", "line 8: 5 days", "patience: 5 days", "nobody: at most 5 days",
        "line 6: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 days", "line 6: 99999999 days",
        "line 6: 1,5 days",
    ])
    func `are refused where it is not clear which`(request: String) {
        let mistake = #expect(throws: PolicyVariants.Mistake.self) { try PolicyVariants(request, of: Self.policy) }
        #expect(mistake?.description.isEmpty == false)
    }
}
