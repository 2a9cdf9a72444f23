import CustomerLifecycle

/// Finds what an event's name means, without allocating. Names that differ only in case, blanks, `_`, `-` or by being
/// written in CamelCase are one name.
struct EventNames: Sendable {
    /// As the specification writes them, which nearly all shops do.
    private let usual = NameTable(EventMeaning.byName)
    private let squeezed = NameTable(EventMeaning.byName.map { ($0.name.filter { $0 != " " }, $0.meaning) })

    func meaning(of text: UnsafeRawBufferPointer) -> EventMeaning {
        let name = IDText.trimmingBlanks(text)
        return usual.meaning(of: name) ?? squeezedMeaning(of: name) ?? .unknown
    }

    @inline(never) private func squeezedMeaning(of name: UnsafeRawBufferPointer) -> EventMeaning? {
        withUnsafeTemporaryAllocation(byteCount: NameTable.nameByteCountMax, alignment: 8) { squeezed in
            let count = Self.squeeze(name, into: squeezed)
            return count.flatMap { self.squeezed.meaning(of: UnsafeRawBufferPointer(rebasing: squeezed[..<$0])) }
        }
    }

    /// Whether `other`, which is squeezed, is the name.
    static func isSame(_ name: UnsafeRawBufferPointer, squeezed other: [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: NameTable.nameByteCountMax, alignment: 8) { squeezed in
            squeeze(name, into: squeezed).map { squeezed[..<$0].elementsEqual(other) } ?? false
        }
    }

    /// The name in small letters, without blanks, `_` and `-`; nil if it is longer than any that is known.
    static func squeezed(_ name: String) -> [UInt8]? {
        var name = name
        return name.withUTF8 { name in
            withUnsafeTemporaryAllocation(byteCount: NameTable.nameByteCountMax, alignment: 8) { squeezed in
                squeeze(UnsafeRawBufferPointer(name), into: squeezed).map { Array(squeezed[..<$0]) }
            }
        }
    }

    private static func squeeze(_ name: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
        var count = 0
        for byte in name where !byte.isASCIIBlank && byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") {
            guard count < target.count else { return nil }
            target[count] = byte.loweredASCII
            count += 1
        }
        return count
    }
}

/// Names by their bytes, whose letters may be small or capital.
private struct NameTable: Sendable {
    static let nameByteCountMax = 48
    /// A power of two, a good deal more than there are names, so that a search ends soon.
    private static let slotCount = 512

    /// Where in `words` the name stands; no bytes where the slot is free.
    private struct Slot: Sendable {
        var start: Int32 = 0
        var count: Int32 = 0
        var meaning = EventMeaning.unrelated
    }

    private var slots = [Slot](repeating: Slot(), count: slotCount)
    /// All names as `word` cuts them.
    private var words: [UInt64] = []

    init(_ names: [(name: String, meaning: EventMeaning)]) {
        for (name, meaning) in names {
            let bytes = Array(name.utf8)
            precondition(bytes.count <= Self.nameByteCountMax, "Longer names are never looked for: \(name)")
            precondition(bytes.allSatisfy { $0 == 0x20 || (0x61...0x7A).contains($0) }, "Not in small letters: \(name)")
            let index = bytes.withUnsafeBytes { place(of: $0) }
            precondition(slots[index].count == 0, "A name has one meaning: \(name)")
            slots[index] = Slot(start: Int32(words.count), count: Int32(bytes.count), meaning: meaning)
            bytes.withUnsafeBytes { name in
                for start in stride(from: 0, to: name.count, by: 8) { words.append(Self.word(name, at: start)) }
            }
        }
    }

    func meaning(of name: UnsafeRawBufferPointer) -> EventMeaning? {
        guard (1...Self.nameByteCountMax).contains(name.count) else { return nil }
        let slot = slots[place(of: name)]
        return slot.count > 0 ? slot.meaning : nil
    }

    /// The slot of a name, or the free one where it would be.
    private func place(of name: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(name.count)
        var start = 0
        while start < name.count {
            // Small letters and capitals fall together; so do other bytes, which `matches` tells apart.
            let word = Self.word(name, at: start) | 0x2020_2020_2020_2020
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            start += 8
        }
        var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[index].count > 0, !matches(slots[index], name) { index = (index + 1) & (Self.slotCount - 1) }
        return index
    }

    private func matches(_ slot: Slot, _ name: UnsafeRawBufferPointer) -> Bool {
        guard Int(slot.count) == name.count else { return false }
        var place = Int(slot.start)
        var start = 0
        while start < name.count {
            // Letters may differ in their case, which is bit 0x20; they are what has bit 0x40 in our names.
            let isCase = (words[place] & 0x4040_4040_4040_4040) >> 1
            guard (words[place] ^ Self.word(name, at: start)) & ~isCase == 0 else { return false }
            place += 1
            start += 8
        }
        return true
    }

    /// Eight bytes from `start` on. At the end of the name those before `start` once more, or zeros in a short one.
    @inline(__always) private static func word(_ name: UnsafeRawBufferPointer, at start: Int) -> UInt64 {
        if name.count >= 8 {
            let whole = min(start, name.count - 8)
            return UInt64(littleEndian: name.loadUnaligned(fromByteOffset: whole, as: UInt64.self))
        }
        var word: UInt64 = 0
        for index in 0..<name.count { word |= UInt64(name[index]) << UInt64(8 * index) }
        return word
    }
}

/// A name that the fold knows, for people.
package struct KnownEventName: Sendable {
    /// As the specification writes it.
    package let name: String
    /// In small letters, without blanks.
    package let squeezed: String
    /// Whether only the shop may say it.
    package let isForOperator: Bool

    /// Without those that have no effect.
    package static let all = EventMeaning.byName.filter { $0.meaning != .unrelated }.map { known in
        Self(
            name: written(known.name), squeezed: known.name.filter { $0 != " " },
            isForOperator: known.meaning.isForOperator)
    }

    /// As the specification writes it.
    static func written(_ name: String) -> String {
        name.split(separator: " ").map { word in
            switch word {
            case "sms": "SMS"
            case "to", "from", "as": String(word)
            default: word.prefix(1).uppercased() + word.dropFirst()
            }
        }.joined(separator: " ")
    }

    /// Returns the known name that `name` is, however it is spelled.
    package init?(_ text: String) {
        guard let squeezed = EventNames.squeezed(text),
            let known = Self.all.first(where: { Array($0.squeezed.utf8) == squeezed })
        else { return nil }
        self = known
    }

    private init(name: String, squeezed: String, isForOperator: Bool) {
        self.name = name
        self.squeezed = squeezed
        self.isForOperator = isForOperator
    }
}
