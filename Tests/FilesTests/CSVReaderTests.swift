import Testing

@testable import Files

@Suite struct `A row of CSV` {
    struct Reading: Equatable {
        let fields: [String]
        let end: CSVReader.End
        let nextIndex: Int
        let breakCount: Int

        init(_ fields: [String], _ end: CSVReader.End = .text, next: Int, breaks: Int = 0) {
            self.fields = fields
            self.end = end
            nextIndex = next
            breakCount = breaks
        }

        init(_ text: String, separator: Unicode.Scalar = ",") {
            var text = text
            self = text.withUTF8 { bytes in
                let row = CSVReader(text: UnsafeRawBufferPointer(bytes), separator: UInt8(ascii: separator)).fields(
                    at: 0)
                return Self(row.fields, row.last.end, next: row.last.nextIndex, breaks: row.breakCount)
            }
        }
    }

    @Test(arguments: [
        ("", Reading([""], next: 0)),
        ("a", Reading(["a"], next: 1)),
        ("a,b", Reading(["a", "b"], next: 3)),
        (",", Reading(["", ""], next: 1)),
        ("a,b\nc", Reading(["a", "b"], .line, next: 4)),
        ("a,b\r\nc", Reading(["a", "b"], .line, next: 5)),
        ("a,b\rc", Reading(["a", "b"], .line, next: 4)),
        ("a\r", Reading(["a"], .line, next: 2)),
        ("\n", Reading([""], .line, next: 1)),
        (" a , b ", Reading([" a ", " b "], next: 7)),
        (#""a","b""#, Reading(["a", "b"], next: 7)),
        (#""""#, Reading([""], next: 2)),
        (#""a,b""#, Reading(["a,b"], next: 5)),
        (#""a""b""#, Reading([#"a"b"#], next: 6)),
        (#""""""""#, Reading([#""""#], next: 6)),
        ("\"a\nb\r\nc\rd\",e\n", Reading(["a\nb\r\nc\rd", "e"], .line, next: 13, breaks: 3)),
        (#"5" nail,x"#, Reading([#"5" nail"#, "x"], next: 9)),
        (#"a,"b"c,d"#, Reading(["a", "b"], .afterQuote, next: 5)),
        (#"a,"b"#, Reading(["a", "b"], .neverClosed, next: 4)),
        ("a,\"b\nc", Reading(["a", "b\nc"], .neverClosed, next: 6, breaks: 1)),
        (#"a,""#, Reading(["a", ""], .neverClosed, next: 3)),
    ])
    func `is read by RFC 4180`(text: String, expected: Reading) {
        #expect(Reading(text) == expected)
    }

    @Test func `can have other separators`() {
        #expect(Reading("a,b;c", separator: ";").fields == ["a,b", "c"])
        #expect(Reading("a b\tc", separator: "\t").fields == ["a b", "c"])
    }

    @Test(arguments: UInt64(1)...50)
    func `reads any fields back that were written by the rules`(seed: UInt64) {
        var random = SeededGenerator(seed)
        let alphabet = Array("ab,;\"\n\r é".unicodeScalars)
        let fields = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...8, using: &random)).map { _ in
                        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                    }))
        }
        let written = fields.map { field in
            "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
        }.joined(separator: ",")
        #expect(Reading(written).fields.map { Array($0.utf8) } == fields.map { Array($0.utf8) }, "seed \(seed)")
    }
}

@Suite struct `Bytes` {
    @Test(arguments: [
        ([], TextSurvey.sound), (Array("plain text, longer than a word".utf8), .sound), (Array("Zoë 🧦".utf8), .sound),
        ([0], .nul(byte: 0)), (Array("abcdefghij".utf8) + [0, 0x61], .nul(byte: 10)),
        ([0x61, 0xE9, 0x62], .notUTF8(byte: 1)), (Array("abcdefghé".utf8.dropLast()), .notUTF8(byte: 8)),
        ([0xC0, 0x80], .notUTF8(byte: 0)), ([0xED, 0xA0, 0x80], .notUTF8(byte: 0)), ([0xFF], .notUTF8(byte: 0)),
        ([0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0], .nul(byte: 7)),
    ])
    func `are text, or the first that is none is named`(bytes: [UInt8], found: TextSurvey) {
        bytes.withUnsafeBytes { #expect(TextSurvey($0) == found) }
    }

    @Test(arguments: UInt64(1)...100)
    func `are text exactly where the standard library reads them unrepaired`(seed: UInt64) {
        var random = SeededGenerator(seed)
        let parts: [[UInt8]] = [
            [0x61], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0xA7, 0xA6], [0x80], [0xE2, 0x82], [0xF5], [0x7F],
        ]
        let bytes = (0..<Int.random(in: 0...20, using: &random)).flatMap { _ in
            parts[Int.random(in: 0..<(seed % 2 == 0 ? 4 : parts.count), using: &random)]
        }
        let isText = Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
        bytes.withUnsafeBytes { #expect((TextSurvey($0) == .sound) == isText, "seed \(seed)") }
    }
}
