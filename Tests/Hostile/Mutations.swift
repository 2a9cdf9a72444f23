/// Damages bytes: a generator of one seed damages the same bytes the same way everywhere.
package struct Mutations: Sendable {
    /// What is put anywhere.
    package var pieces: [[UInt8]]
    /// What is put behind a quote, so that JSON usually stays JSON.
    package var texts: [[UInt8]] = []
    /// What a value of JSON is replaced by.
    package var values: [[UInt8]] = []
    /// Bytes of the same kind: their parts are spliced in.
    package var others: [[UInt8]] = []

    package init(pieces: [String] = ["\u{0}\u{0}\u{0}\u{0}", "\u{7F}"], others: [[UInt8]] = []) {
        self.pieces = pieces.map { Array($0.utf8) }
        self.others = others
    }

    /// Ways to damage any bytes, and ways to damage JSON, which mostly stays JSON.
    private static let kinds = 0..<9
    private static let kindsOfJSON = 9..<14

    /// Damages `bytes` once. Now and then they stay as they are.
    package func apply(to bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let length = min(Int.random(in: 1...40, using: &random), bytes.count - place)
        let isJSON = !values.isEmpty && Bool.random(using: &random)
        switch Int.random(in: isJSON ? Self.kindsOfJSON : Self.kinds, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: bytes.removeSubrange(place..<place + length)
        case 3:
            bytes.insert(contentsOf: bytes[place..<place + length], at: .random(in: 0...bytes.count, using: &random))
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.insert(contentsOf: pick(pieces, &random), at: place)
        case 6: splice(into: &bytes, from: place, &random)
        case 7: overwriteNumber(in: &bytes, at: place, &random)
        case 8: bytes.insert(contentsOf: pick(Self.brokenUTF8, &random), at: place)
        case 9: replaceValue(in: &bytes, after: place, by: pick(values, &random))
        case 10: nestValue(in: &bytes, after: place, depth: pick([1, 3, 63, 64, 65, 300], &random))
        case 11: doubleMember(in: &bytes, after: place, &random)
        default: insertInText(pick(texts, &random), into: &bytes, from: place)
        }
    }

    private static let brokenUTF8: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xFE, 0xFF],
        [0],
    ]

    private func pick<Element>(_ list: [Element], _ random: inout SeededGenerator) -> Element {
        list[.random(in: 0..<list.count, using: &random)]
    }

    /// Puts a part of other bytes in, or goes on with their end.
    private func splice(into bytes: inout [UInt8], from place: Int, _ random: inout SeededGenerator) {
        guard !others.isEmpty else { return }
        let other = pick(others, &random)
        let start = Int.random(in: 0...other.count, using: &random)
        if Bool.random(using: &random) {
            bytes.replaceSubrange(place..., with: other[start...])
        } else {
            bytes.insert(contentsOf: other[start...].prefix(.random(in: 1...80, using: &random)), at: place)
        }
    }

    /// Writes a little-endian number of one to eight bytes: one at a limit.
    private func overwriteNumber(in bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
        let number: UInt64 = pick([0, 1, 0x7F, 0x80, 0x7FFF, 0x8000, 0x7FFF_FFFF, .max >> 1, 1 << 63, .max], &random)
        for index in 0..<min(pick([1, 2, 4, 8], &random), bytes.count - place) {
            bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
        }
    }

    // MARK: JSON

    /// Inserts a text behind the next quote that begins one.
    private func insertInText(_ text: [UInt8], into bytes: inout [UInt8], from place: Int) {
        guard let quote = bytes[place...].firstIndex(of: UInt8(ascii: "\"")), quote + 1 < bytes.count else { return }
        guard !",:}".utf8.contains(bytes[quote + 1]) else { return }
        bytes.insert(contentsOf: text, at: quote + 1)
    }

    private func replaceValue(in bytes: inout [UInt8], after place: Int, by other: [UInt8]) {
        guard let range = value(in: bytes, after: place) else { return }
        bytes.replaceSubrange(range, with: other)
    }

    private func nestValue(in bytes: inout [UInt8], after place: Int, depth: Int) {
        guard let range = value(in: bytes, after: place) else { return }
        bytes.insert(contentsOf: repeatElement(UInt8(ascii: "]"), count: depth), at: range.upperBound)
        bytes.insert(contentsOf: repeatElement(UInt8(ascii: "["), count: depth), at: range.lowerBound)
    }

    /// Says a member twice, the second time perhaps with another value.
    private func doubleMember(in bytes: inout [UInt8], after place: Int, _ random: inout SeededGenerator) {
        guard let range = value(in: bytes, after: place),
            let start = bytes[..<range.lowerBound].lastIndex(where: { ",{".utf8.contains($0) })
        else { return }
        let key = bytes[(start + 1)..<range.lowerBound]
        let again = Bool.random(using: &random) ? Array(bytes[range]) : pick(values, &random)
        bytes.insert(contentsOf: [UInt8(ascii: ",")] + key + again, at: range.upperBound)
    }

    /// Returns the bytes of the first value behind a colon, as far as no list or object is looked through.
    private func value(in bytes: [UInt8], after place: Int) -> Range<Int>? {
        guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.count else { return nil }
        let start = colon + 1
        guard bytes[start] == UInt8(ascii: "\"") else {
            return start..<(bytes[start...].firstIndex { ",}]".utf8.contains($0) } ?? bytes.count)
        }
        guard let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return start..<end + 1
    }
}

extension Mutations {
    /// Damages JSON of events. `others` are events too.
    package static func ofEvents(_ others: [[UInt8]] = []) -> Self {
        var mutations = Self(pieces: pieces, others: others)
        mutations.texts = texts.map { Array($0.utf8) }
        mutations.values = values.map { Array($0.utf8) }
        return mutations
    }

    private static let texts = [
        "a@b.cd", "x@y.example ", #"\u0040"#, #"a\u0040b.cd"#, "a%40b.cd", "%2540b.cd", #"\ud83d"#, #"\ude0d"#,
        #"\u0000"#, "://", "https://a.b/?c=", "?", "#", "?ref=a%40b.cd&utm_source=x%40y.zz&utm_campaign=\u{7F}", " ",
        "%22", #"\""#, "_", #"\\"#, #"\/"#, "🧦", "\u{202E}", "id", "null", "://a?x\\\" ://b@c.dd/?e", "@", ".", "@b.c",
        #"\u0025\u0034\u0030"#, String(repeating: "x", count: 300),
    ]

    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", #","email":"a@b.cd""#, #""a@b.cd":1,"#, "1e999", "-",
        "\u{FEFF}", #","userId":"a@b.cd""#, #","properties":{"total":1}"#,
        #","context":{"page":{"url":"?utm_source=a"}}"#, "\u{1}", #"[[[[[[[["#, #""\u006dessageId":7,"#,
        #""type":"alias","previousId":"p","#,
    ]

    private static let values = [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e999", "-1e-999", "1E+30", "0.1e1", "9223372036854775807",
        "-9223372036854775808", "92233720368547758.07", "18446744073709551616",
        "1" + String(repeating: "0", count: 400),
        "0." + String(repeating: "9", count: 400), #""""#, #"" ""#, #""x""#, #""1""#, #""1,5""#, #""1.234.567,89""#,
        #""\ud83d""#, #""\u0000""#, "[]", "{}", "[[]]", #"[{"category":null},{"category":{}}]"#, #"{"a":{"b":[1]}}"#,
        #""2024-02-30T25:61:61Z""#, #""9999-12-31T23:59:59.999Z""#, #""0001-01-01""#, "253402300799999", "01", "1.",
        "+1",
        "NaN", "-", #"["email","sms"]"#, "\"\(String(repeating: "é", count: 300))\"",
    ]
}
