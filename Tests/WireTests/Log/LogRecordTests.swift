import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A log record` {
    @Test(arguments: LogFixtures.all)
    func `is written again exactly as it was read`(fixture: Hex) throws {
        let again = try fixture.bytes.withUnsafeBytes { bytes throws -> [UInt8] in
            let record = try LogRecord(bytes)
            var writer = ByteWriter()
            writer.append(record.header, try record.contents())
            return writer.bytes
        }
        #expect(again == fixture.bytes)
    }

    @Test func `of an event says where it came from and lends its body`() throws {
        try LogFixtures.event.bytes.withUnsafeBytes { bytes in
            let record = try LogRecord(bytes)
            #expect(record.header.kind == .event)
            #expect(record.header.flags == [.backfill, .currencyFilledIn, .scaleFilledIn])
            #expect(record.header.claimed == Instant(milliseconds: 1_735_689_600_000))
            #expect(record.header.received == Instant(milliseconds: 1_735_689_601_500))
            #expect(String(decoding: record.header.origin.topic, as: UTF8.self) == "shop.events")
            #expect(record.header.origin.partition == 3)
            #expect(record.header.origin.offset == 42)
            let original = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            #expect(record.header.original.description == original)
            #expect(String(decoding: record.body, as: UTF8.self) == #"{"type":"page"}"#)
        }
    }

    @Test func `of a genesis names the log and carries its first policy`() throws {
        try LogFixtures.genesis.bytes.withUnsafeBytes { bytes in
            guard case .genesis(let genesis) = try LogRecord(bytes).contents() else {
                Issue.record("not a genesis")
                return
            }
            #expect(genesis.log.description == "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf")
            #expect(genesis.partitionCount == 6)
            #expect(genesis.foldVersion == 5)
            #expect(genesis.policy.number == 1)
            #expect(genesis.policy.text == Array("policy: p\n".utf8))
            let paris = ZoneTable(
                name: "Europe/Paris",
                transitions: [
                    .init(at: Instant(milliseconds: 946_684_800_000), offset: .hours(1)),
                    .init(at: Instant(milliseconds: 1_735_689_600_000), offset: .hours(2)),
                ])
            #expect(genesis.policy.zones == [ZoneTable(name: "Etc/UTC", transitions: []), paris])
        }
    }

    @Test func `of a link becomes the fact that the core folds`() throws {
        try LogFixtures.link.bytes.withUnsafeBytes { bytes in
            let record = try LogRecord(bytes)
            guard case .link(let link) = try record.contents() else {
                Issue.record("not a link")
                return
            }
            let fact = link.fact(claimed: record.header.claimed)
            #expect(fact.user == Array("C-7".utf8))
            #expect(fact.claimed == Instant(milliseconds: 1_735_689_600_000))
        }
    }

    @Test(arguments: [(999, 999), (1_000, 1_000), (1_001, 1_000)])
    func `counts at its claimed time, and never later than its append`(claimed: Int64, counted: Int64) {
        let header = LogHeader(own: .tick, claimed: Instant(milliseconds: claimed))
        #expect(header.counted(appended: Instant(milliseconds: 1_000)) == Instant(milliseconds: counted))
    }

    @Test func `may claim the append time, whatever that will be`() {
        #expect(LogHeader(own: .caughtUp).counted(appended: Instant(milliseconds: 5)) == Instant(milliseconds: 5))
    }

    @Test(arguments: LogFixtures.all)
    func `that is cut off anywhere is refused, unless only an event's body is shorter`(fixture: Hex) {
        let isEvent = fixture.name == "event"
        for count in 0..<fixture.bytes.count {
            let cut = Array(fixture.bytes.prefix(count))
            if isEvent, count >= 78 { continue }
            #expect(throws: LogRecordError.self, "cut to \(count) bytes") { try decode(cut) }
        }
    }

    @Test(arguments: LogFixtures.all)
    func `survives any change of a byte without trapping`(fixture: Hex) {
        for index in fixture.bytes.indices {
            for value in [UInt8(0), 1, 0x7F, 0x80, 0xFF] {
                var bytes = fixture.bytes
                bytes[index] = value
                _ = try? decode(bytes)
            }
        }
    }

    @Test func `says what it found where it cannot be read`() {
        let event = LogFixtures.event.bytes
        let tick = LogFixtures.tick.bytes
        expect(changed(event, at: 0, to: 3), .unknownFormat(3))
        expect(changed(event, at: 0, to: 2), .headerLength(said: 78, actual: 91))
        expect(changed(event, at: 1, to: 0), .unknownKind(0))
        expect(changed(event, at: 1, to: 11), .unknownKind(11))
        expect(changed(event, at: 3, to: 0x01), .unknownFlags(0x151))
        expect(changed(event, at: 4, to: 77), .headerLength(said: 77, actual: 78))
        expect(changed(event, at: 22, to: 0xFF), .headerLength(said: 78, actual: 322))
        expect(Array(event.prefix(9)), .truncated(.claimed, needed: 8, left: 3))
        expect(tick + [0], .trailingBytes(.tick, count: 1))
        expect(changed(tick, at: 1, to: 4), .unsupportedKind(.component))
        expect(changed(tick, at: 1, to: 9), .unsupportedKind(.erasure))
        expect(changed(tick, at: 1, to: 10), .unsupportedKind(.opening))
        expect(
            changed(LogFixtures.adoption.bytes, at: 67 + 6, to: 2),
            .outOfRange(.policyText, found: 131_082, expected: 0...65_536))
        expect(changed(LogFixtures.link.bytes, at: 68, to: 0), .outOfRange(.user, found: 0, expected: 1...256))
        #expect(throws: LogRecordError.noValue) { try LogRecord(nil) }
        #expect(LogRecordError.unknownKind(11).description.contains("11"))
    }

    private func changed(_ bytes: [UInt8], at index: Int, to value: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[index] = value
        return bytes
    }

    private func expect(_ bytes: [UInt8], _ error: LogRecordError, _ location: SourceLocation = #_sourceLocation) {
        #expect(throws: error, sourceLocation: location) { try decode(bytes) }
    }

    private func decode(_ bytes: [UInt8]) throws(LogRecordError) {
        let result = bytes.withUnsafeBytes { bytes -> Result<Void, LogRecordError> in
            do throws(LogRecordError) {
                _ = try LogRecord(bytes).contents()
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
