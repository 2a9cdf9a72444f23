/// Finds the rule of a key: folds it (no case, no `_`, no `-`) and looks it up among a fixed list of names and endings.
struct KeyNames {
    private static let lengthMax = 24
    private static let slotCount = 256

    /// A folded name of at most 24 bytes, as three words.
    private struct Folded: Equatable {
        var words = SIMD4<UInt64>.zero
        var count = 0

        mutating func append(_ byte: UInt8) {
            if count < lengthMax { words[count >> 3] |= UInt64(byte) << UInt64((count & 7) * 8) }
            count += 1
        }

        var slot: Int {
            var hash = words.x &* 0x9E37_79B9_7F4A_7C15
            hash = (hash ^ words.y &+ UInt64(count)) &* 0xC2B2_AE3D_27D4_EB4F
            hash = (hash ^ words.z) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: hash >> 56)
        }
    }

    private struct Ending {
        let bytes: [UInt8]
        let rule: KeyRule
    }

    private var folded = [Folded](repeating: Folded(), count: slotCount)
    private var rules = [KeyRule](repeating: .plain, count: slotCount)
    private var endings: [Ending] = []

    init() {
        for (rule, names) in KeyRule.names {
            for name in names { insert(name, rule) }
        }
        for (rule, texts) in KeyRule.endings {
            for text in texts { endings.append(Ending(bytes: Array(text.utf8), rule: rule)) }
        }
    }

    private mutating func insert(_ name: String, _ rule: KeyRule) {
        var key = Folded()
        for byte in name.utf8 { key.append(byte) }
        precondition((1...Self.lengthMax).contains(key.count), "A name of the list is too long for the table.")
        var slot = key.slot
        while folded[slot].count > 0 { slot = (slot + 1) % Self.slotCount }
        folded[slot] = key
        rules[slot] = rule
    }

    func rule(of name: UnsafeRawBufferPointer) -> KeyRule {
        var key = Folded()
        for byte in name where byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") {
            key.append(byte.loweredASCII)
        }
        guard key.count > 0 else { return .plain }
        if key.count <= Self.lengthMax {
            var slot = key.slot
            while folded[slot].count > 0 {
                if folded[slot] == key { return rules[slot] }
                slot = (slot + 1) % Self.slotCount
            }
        }
        for ending in endings where Self.ends(name, with: ending.bytes) { return ending.rule }
        return .plain
    }

    /// Compares from behind, passing over `_` and `-`.
    private static func ends(_ name: UnsafeRawBufferPointer, with ending: [UInt8]) -> Bool {
        var index = name.count - 1
        for expected in ending.reversed() {
            while index >= 0, name[index] == UInt8(ascii: "_") || name[index] == UInt8(ascii: "-") { index -= 1 }
            guard index >= 0, name[index].loweredASCII == expected else { return false }
            index -= 1
        }
        return true
    }
}
