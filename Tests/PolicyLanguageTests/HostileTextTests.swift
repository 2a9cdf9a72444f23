import PolicyLanguage
import Testing

/// Whatever is done to a policy's text, compiling it ends with a policy or with errors. A failure names its seed.
@Suite struct `Hostile text` {
    private static let seeds = [
        DefaultPolicy.text,
        """
        policy: five
        currency: EUR
        define:
          satisfied:
            all:
              - open complaints = 0
              - last survey is unknown or last survey >= 7 of 10
        stages:
          - acquire:  silence > 365 days
          - advocate: orders >= 2 and satisfied and since last share <= 365 days
          - reach:    otherwise
        segments: {big: revenue in last 365 days >= 500 EUR}
        """,
        """
        policy: 'ref_1'
        time zone: UTC
        other time zones: [Asia/Kolkata]
        stages: [{lost: "silence > 180 days"}, {one: not (orders = 1 or bought has "shoes")}, {rest: otherwise}]
        contact: {purposes: [marketing, news], limits: [1 email per 20 hours]}
        """,
    ]
    private static let pieces = [
        "(", ")", "not ", " and ", " or ", "\n", "\t", "  - ", ": ", "\"", "'", "\\", "{", "}", "[", "]", ",", "&a ",
        "*a",
        "!t ", "|", ">", "#", "%", "99999999999999999999", "-1", "0", "2.9 * ", " in last 5 days", "since ",
        "otherwise",
        "\u{0}", "é", "😀", "\u{85}", "\u{2028}", "\u{FEFF}", "months", "EUR", "of 0", "patience", "all:", "none: [",
    ]

    private func mutated(_ text: String, _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3: bytes = Array(bytes.prefix(place)) + bytes.suffix(Int.random(in: 0...bytes.count, using: &random))
            default: bytes.insert(contentsOf: (Self.pieces.randomElement(using: &random) ?? "").utf8, at: place)
            }
        }
        return bytes
    }

    @Test(arguments: UInt64(1)...60)
    func `never stops the compiler`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            let text = mutated(Self.seeds.randomElement(using: &random) ?? "", &random)
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
