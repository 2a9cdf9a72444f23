import CustomerLifecycle
import Testing

@Suite struct `An instant` {
    private static let least = Milliseconds(.min)
    private static let greatest = Milliseconds(.max)

    @Test func `saturates at the ends of time`() {
        #expect(Instant.never + .days(1) == .never)
        #expect(Instant.never + Self.greatest == .never)
        #expect(Instant(milliseconds: .max) + Self.greatest == .never)
        #expect(Instant.distantPast - .days(1) == .distantPast)
        #expect(Instant(milliseconds: .min) + Self.least == .distantPast)
        #expect(Instant(milliseconds: 0) - Self.least == .never)
        #expect(Instant(milliseconds: -1) - Self.greatest == .distantPast)
        #expect(Instant(milliseconds: .max) - Instant(milliseconds: .min) == Self.greatest)
        #expect(Instant(milliseconds: .min) - Instant(milliseconds: .max) == Self.least)
    }

    private static let farthest: Int64 = 1 << 46

    @Test(
        arguments: [
            (5, 5), (-5, -5), (farthest, farthest), (.max, farthest), (-farthest - 1, -farthest), (.min, -farthest),
        ] as [(Int64, Int64)])
    func `is limited to what can be packed`(milliseconds: Int64, limited: Int64) {
        #expect(Instant(milliseconds: milliseconds).limited.milliseconds == limited)
    }
}

@Suite struct `An id of the shop` {
    @Test func `has 1 to 64 bytes`() {
        #expect(BusinessID("") == nil)
        #expect(BusinessID(String(repeating: "x", count: 64))?.byteCount == 64)
        #expect(BusinessID(String(repeating: "x", count: 65)) == nil)
    }

    @Test func `gives its bytes back, equals by them and is ordered by them`() {
        var random = SeededRandom(seed: 1)
        var ids: [[UInt8]] = [[0], [0, 0], [255], [97], [97, 0], [97, 0, 1]]
        for _ in 0..<60 {
            let count = random.pick([1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 63, 64])
            // There are few values, so that ids share prefixes.
            ids.append((0..<count).map { _ in random.pick([0, 1, 255]) })
        }
        let made = ids.compactMap { bytes in bytes.withUnsafeBytes { BusinessID($0) } }
        #expect(made.count == ids.count)
        for (id, bytes) in zip(made, ids) {
            #expect(id.withBytes { Array($0) } == bytes)
            for (other, otherBytes) in zip(made, ids) {
                #expect((id == other) == (bytes == otherBytes))
                #expect((id < other) == bytes.lexicographicallyPrecedes(otherBytes))
                if bytes == otherBytes { #expect(id.hashValue == other.hashValue) }
            }
        }
    }

    @Test func `comes back when it is packed, however long it is`() {
        for count in 1...BusinessID.byteCountMax {
            let bytes = (0..<count).map { UInt8($0 + 1) }
            guard let id = bytes.withUnsafeBytes({ BusinessID($0) }) else {
                Issue.record("An id of \(count) bytes.")
                return
            }
            var writer = PackedWriter(capacity: 1)
            writer.write(id)
            writer.write(UInt8(255))
            #expect(Array(writer.bytes) == [UInt8(count)] + bytes + [255])
            var reader = PackedReader(writer.bytes)
            #expect(reader.readID() == id)
            #expect(reader.readByte() == 255)
        }
    }

    @Test func `shows as text, whatever its bytes`() {
        #expect(BusinessID.of("№ 7").text == "№ 7")
        #expect([0xFF, 0x41].withUnsafeBytes { BusinessID($0) }?.text.hasSuffix("A") != nil)
    }
}

@Suite struct `Small values` {
    @Test(arguments: [("EUR", 2, "EUR"), ("usd", 2, "USD"), ("JPY", 0, "JPY"), ("KWD", 3, "KWD"), ("CLF", 4, "CLF")])
    func `a currency is three letters`(text: String, digits: Int, letters: String) {
        let currency = Currency(Array(text.utf8))
        #expect(currency?.letters == letters)
        #expect(currency?.minorDigits == digits)
    }

    @Test(arguments: ["", "EU", "EURO", "E R", "€", "123", "EU@", "EU["])
    func `what is no three letters is no currency`(text: String) {
        #expect(Currency(Array(text.utf8)) == nil)
    }

    @Test func `categories keep the least four, in any order`() {
        let hashes: [UInt32] = [9, 0, 7, .max, 3, 7]
        for hashes in permutations(hashes) {
            var categories = Categories()
            for hash in hashes { categories.insert(hash) }
            #expect((0..<categories.count).map { categories.hashes[$0] } == [0, 3, 7, 9])
            #expect(categories.contains(0) && !categories.contains(.max))
        }
        #expect(!Categories().contains(0))
    }

    @Test(arguments: [(2, 29, true), (2, 30, false), (0, 1, false), (13, 1, false), (12, 31, true), (4, 31, false)])
    func `a birthday is a day of a leap year`(month: Int, day: Int, exists: Bool) {
        #expect((Birthday(month: month, day: day) != nil) == exists)
    }

    @Test func `a score is within 0 and 1000`() {
        #expect([-1, 0, 1_000, 1_001].map { Score(thousandths: $0) != nil } == [false, true, true, false])
    }

    @Test func `a packed number comes back`() {
        let numbers: [Int64] = [0, 1, -1, 63, 64, -64, -65, 127, 128, Self.most, -Self.most, .min, .max]
        for number in numbers {
            var writer = PackedWriter(capacity: 1)
            writer.writeSigned(number)
            writer.writeVarint(UInt64(bitPattern: number))
            writer.write(Instant(milliseconds: number).limited)
            writer.write(UInt16(truncatingIfNeeded: number))
            var reader = PackedReader(writer.bytes)
            #expect(reader.readSigned() == number)
            #expect(reader.readVarint() == UInt64(bitPattern: number))
            #expect(reader.readInstant() == Instant(milliseconds: number).limited)
            #expect(reader.readUInt16() == UInt16(truncatingIfNeeded: number))
            #expect(reader.isAtEnd)
        }
    }

    private static let most: Int64 = 1 << 62

    @Test(
        arguments: [
            (35, 290, 101), (-35, 290, -101), (.max, 200, most), (.min, 200, -most), (.max, -200, -most),
            (.min, -200, most), (7, 50, 3), (-7, 50, -3),
        ] as [(Int64, Int64, Int64)])
    func `a product is rounded towards zero, and saturates`(value: Int64, hundredths: Int64, product: Int64) {
        #expect(Quantity.Step.times(hundredths: hundredths).applied(to: value) == product)
    }
}
