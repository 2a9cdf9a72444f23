internal import CSimdJSON

/// Notes each key's rule on its token, and which keys are shadowed by a later one of the same name: the last one
/// counts, and the body that the Router writes has no other.
struct KeyNotes: ~Copyable {
    static let isShadowed: UInt16 = 0x100
    /// Objects with more keys are hashed with a seed of this process, so that nobody can choose keys that collide.
    private static let fastCountMax = 64

    private var names = RememberedNames()
    /// Open addressing; a slot is taken only if its stamp is the present object's.
    private var slots: [Slot] = Array(repeating: Slot(), count: 128)
    private var stamp: UInt32 = 0

    private struct Slot {
        var stamp: UInt32 = 0
        var key: UInt32 = 0
    }

    mutating func take(on json: JSONTokens) {
        for index in 0..<json.count where json[index].shape == .object && Int(json[index].end) > index + 1 {
            take(on: json, object: index)
        }
    }

    private mutating func take(on json: JSONTokens, object: Int) {
        var keyCount = 0
        for _ in json.keys(of: object) { keyCount += 1 }
        beginTable(for: keyCount)
        let mask = slots.count - 1
        for key in json.keys(of: object) {
            let name = json.raw(key)
            let (rule, hash) = names.rule(of: name)
            json.tokens[key].note = UInt16(rule.rawValue)
            insert(key, name, hash: keyCount <= Self.fastCountMax ? hash : Self.seededHash(name), mask: mask, in: json)
        }
    }

    private mutating func beginTable(for keyCount: Int) {
        while slots.count < keyCount * 2 { slots = Array(repeating: Slot(), count: slots.count * 2) }
        if stamp == .max {
            slots = Array(repeating: Slot(), count: slots.count)
            stamp = 0
        }
        stamp += 1
    }

    private mutating func insert(
        _ key: Int, _ name: UnsafeRawBufferPointer, hash: Int, mask: Int, in json: JSONTokens
    ) {
        var slot = hash & mask
        while slots[slot].stamp == stamp {
            let earlier = Int(slots[slot].key)
            if json.raw(earlier).isEqual(name) {
                json.tokens[earlier].note |= Self.isShadowed
                break
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = Slot(stamp: stamp, key: UInt32(key))
    }

    private static func seededHash(_ name: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: name)
        return hasher.finalize()
    }
}

/// The rules of the names met so far: a shop uses few names, and folding one costs more than all the rest of its key.
struct RememberedNames {
    private static let slotCount = 1_024
    private static let byteCountMax = 32

    /// Up to 32 bytes as four words that overlap: with the count they say all, and no byte outside is read.
    private struct Name: Equatable {
        var words = SIMD4<UInt64>.zero
        var byteCount = 0

        init() {}

        init(_ bytes: UnsafeRawBufferPointer) {
            let count = bytes.count
            func word(_ offset: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
            func half(_ offset: Int) -> UInt64 {
                UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            }
            byteCount = count
            switch count {
            case 16...: words = SIMD4(word(0), word(8), word(count - 16), word(count - 8))
            case 8...: words = SIMD4(word(0), word(count - 8), 0, 0)
            case 4...: words = SIMD4(half(0), half(count - 4), 0, 0)
            default: words = SIMD4(UInt64(bytes[0]), UInt64(bytes[count / 2]), UInt64(bytes[count - 1]), 0)
            }
        }

        var hash: UInt64 {
            var hash = (words.x ^ UInt64(byteCount)) &* 0x9E37_79B9_7F4A_7C15
            hash = (hash ^ hash >> 29 ^ words.y) &* 0xC2B2_AE3D_27D4_EB4F
            hash = (hash ^ hash >> 29 ^ words.z) &* 0x9E37_79B9_7F4A_7C15
            hash = (hash ^ hash >> 29 ^ words.w) &* 0xC2B2_AE3D_27D4_EB4F
            return hash ^ hash >> 32
        }
    }

    private struct Entry {
        var name = Name()
        var rule = KeyRule.plain
    }

    private let names = KeyNames()
    private var entries = [Entry](repeating: Entry(), count: slotCount)

    /// The rule, and a hash of the name.
    mutating func rule(of bytes: UnsafeRawBufferPointer) -> (rule: KeyRule, hash: Int) {
        guard (1...Self.byteCountMax).contains(bytes.count) else { return (names.rule(of: bytes), bytes.count) }
        let name = Name(bytes)
        let hash = Int(truncatingIfNeeded: name.hash)
        let slot = hash & (Self.slotCount - 1)
        if entries[slot].name != name {
            entries[slot].rule = names.rule(of: bytes)
            entries[slot].name = name
        }
        return (entries[slot].rule, hash)
    }
}
