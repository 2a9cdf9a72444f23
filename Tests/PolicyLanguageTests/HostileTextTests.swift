import Hostile
import PolicyLanguage
import Testing

/// Whatever is done to a policy's text, compiling it ends with a policy or with errors. A failure names its seed.
@Suite struct `Hostile text` {
    private static let texts = [Array(Preset.default.text.utf8)] + SamplePolicies.all.map { Array($0.utf8) }
    private static let mutations = SamplePolicies.mutations(others: texts)

    private func mutated(_ text: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = text
        for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutations.apply(to: &bytes, &random) }
        return bytes
    }

    @Test(arguments: UInt64(1)...60)
    func `never stops the compiler`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            let text = mutated(Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)], &random)
            let compiled = PolicyCompiler.compile(text)
            #expect((compiled.policy == nil) == !compiled.errors.isEmpty, "seed \(seed)")
            #expect(compiled.problems.allSatisfy { $0.line >= 1 && $0.column >= 1 }, "seed \(seed)")
        }
    }

    @Test(arguments: [
        String(repeating: "(", count: 60_000), String(repeating: "not ", count: 15_000),
        String(repeating: "2 * ", count: 15_000) + "orders > 1",
        String(repeating: "identified and ", count: 4_000) + "identified", String(repeating: "a", count: 60_000),
        String(repeating: "9", count: 60_000) + " days > silence", "orders > " + String(repeating: "9", count: 60_000),
    ])
    func `of great length is refused in one sentence`(condition: String) {
        let compiled = Shop.compile(condition)
        #expect(compiled.policy == nil)
        #expect(compiled.errors.count == 1)
        #expect((compiled.messages.first?.utf8.count ?? 0) < 300)
    }
}
