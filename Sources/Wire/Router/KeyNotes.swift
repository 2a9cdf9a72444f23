internal import CSimdJSON
internal import CXXHash

/// Notes each key's rule on its token, and which keys are shadowed by a later one of the same name: the last one counts,
/// and the body that the Router writes has no other.
struct KeyNotes: ~Copyable {
    static let isShadowed: UInt16 = 0x100
    /// Objects with more keys are hashed with a seed of this process, so that nobody can choose keys that collide.
    private static let fastCountMax = 64

    private let names = KeyNames()
    /// Open addressing; a slot is taken only if its stamp is the present object's.
    private var slots: [Slot] = Array(repeating: Slot(), count: 128)
    private var stamp: UInt32 = 0

    private struct Slot {
        var stamp: UInt32 = 0
        var key: UInt32 = 0
    }

    mutating func take(on json: JSONTokens) {
        for index in 0..<json.count where json[index].shape == .object && json[index].end > index + 1 {
            take(on: json, object: index)
        }
    }

    private mutating func take(on json: JSONTokens, object: Int) {
        var keyCount = 0
        for key in json.keys(of: object) {
            json.tokens[key].note = UInt16(names.rule(of: json.raw(key)).rawValue)
            keyCount += 1
        }
        guard keyCount > 1 else { return }
        beginTable(for: keyCount)
        for key in json.keys(of: object) { insert(key, in: json, isFast: keyCount <= Self.fastCountMax) }
    }

    private mutating func beginTable(for keyCount: Int) {
        while slots.count < keyCount * 2 { slots = Array(repeating: Slot(), count: slots.count * 2) }
        if stamp == .max {
            slots = Array(repeating: Slot(), count: slots.count)
            stamp = 0
        }
        stamp += 1
    }

    private mutating func insert(_ key: Int, in json: JSONTokens, isFast: Bool) {
        let name = json.raw(key)
        var slot = Self.hash(name, isFast: isFast) & (slots.count - 1)
        while slots[slot].stamp == stamp {
            let earlier = Int(slots[slot].key)
            if Self.areEqual(json.raw(earlier), name) {
                json.tokens[earlier].note |= Self.isShadowed
                break
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Slot(stamp: stamp, key: UInt32(key))
    }

    private static func hash(_ name: UnsafeRawBufferPointer, isFast: Bool) -> Int {
        if isFast { return Int(truncatingIfNeeded: xxh3_64(name.baseAddress, name.count)) & .max }
        var hasher = Hasher()
        hasher.combine(bytes: name)
        return hasher.finalize() & .max
    }

    private static func areEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        a.count == b.count && a.elementsEqual(b)
    }
}
