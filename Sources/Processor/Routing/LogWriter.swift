package import Brokers
package import CustomerLifecycle
package import Wire

/// The Router's work on one input record: check, decode, redact, and append to the log what the record says.
///
/// It writes into a transaction that the caller holds open, so that the records and the caller's progress are one; the
/// caller says what became of it, since links that are in the log already are left out.
package final class LogWriter<Producer: TransactionalProducer> {
    private let partitions: [TopicPartition]
    private var reader: CheckedReader
    private var mapper: RecordMapper
    private var value = ByteWriter()
    private var links = LinkCache()
    /// How many optional fields of what is in the log could not be read, by name: they count as absent.
    package private(set) var unreadable: [String: Int] = [:]
    /// The same of what was appended since the last transaction ended.
    private var unreadableInTurn: [String: Int] = [:]
    /// Events in the log whose names are not known.
    package private(set) var unknownEvents = UnknownEvents()
    private var unknownEventsInTurn = UnknownEvents()
    /// How many credit notes were looked at, whatever became of the transaction.
    package private(set) var creditCount = 0
    /// How many mapped records are deliberately nothing, by why.
    package private(set) var passedOver: [PassedOver: Int] = [:]
    private var passedOverInTurn: [PassedOver: Int] = [:]
    /// How long before the Router read them live events say that they happened.
    package private(set) var lateness = Distribution(
        bounds: [1, 10, 60, 300, 3_600, 21_600, 86_400, 604_800, 2_592_000])
    private var latenessInTurn: Distribution
    private let inputTime = HeaderBlock()
    /// Is lent every event that can be taken, and whom it is about, whether it is appended or only looked at.
    package var onEvent: ((_ subject: UnsafeRawBufferPointer, inout StorefrontEvent) -> Void)?

    package init(names: Names, partitionCount: Int, settings: RouterSettings) {
        partitions = (0..<partitionCount).map(names.log)
        reader = CheckedReader(settings: settings)
        mapper = RecordMapper(byteCountMax: settings.inputByteCountMax)
        latenessInTurn = Distribution(bounds: lateness.bounds)
    }

    /// The SHA-256 of the value that was looked at last, taken or not.
    package var original: SHA256Digest { reader.original }

    /// Appends what `input` says to the log; returns how many records, or why it cannot be taken.
    package func append(
        _ input: RouterInput, from origin: LogOrigin, to producer: Producer
    ) throws(BrokerError) -> Result<Int, Rejection> {
        let routed: RoutedRecord
        do throws(Rejection) {
            routed = try reader.read(input)
            try reader.check(routed)
        } catch {
            return .failure(error)
        }
        if reader.hasUnreadable { noteUnreadable() }
        if let name = reader.unknownName { unknownEventsInTurn.count(name) }
        if reader.isCredit { creditCount += 1 }
        if let onEvent { reader.withEvent { onEvent(routed.subject, &$0) } }
        return .success(try produce(routed, from: origin, input, to: producer))
    }

    /// Appends what `mapping` makes of a record: all its events, or none of them. Returns how many records of the log
    /// they are, 0 where it is deliberately nothing, or why it cannot be taken. `input` is what is known of the record
    /// besides.
    package func append(
        _ record: ShopRecord, mapping: RecordMapping, _ input: RouterInput, from origin: LogOrigin,
        to producer: Producer
    ) throws(BrokerError) -> Result<Int, Rejection> {
        reader.note(original: record.value)
        var events = 0
        do throws(Rejection) {
            switch try mapper.map(record, by: mapping) {
            case .nothing(let reason):
                passedOverInTurn[reason, default: 0] += 1
                return .success(0)
            case .events(let count): events = count
            }
            // Where there are several, all of them are read before the first is appended.
            if events > 1 { for index in 0..<events { _ = try reader.read(index, of: mapper, input) } }
        } catch {
            return .failure(error)
        }
        var count = 0
        for index in 0..<events {
            let routed: RoutedRecord
            do throws(Rejection) { routed = try reader.read(index, of: mapper, input) } catch { return .failure(error) }
            if reader.hasUnreadable { noteUnreadable() }
            if reader.isCredit { creditCount += 1 }
            count += try produce(routed, from: origin, input, to: producer)
        }
        return .success(count)
    }

    /// Returns why `input` cannot be taken; nil where it can. It appends nothing, and counts what cannot be read.
    package func rejection(of input: RouterInput) -> Rejection? {
        do throws(Rejection) {
            let routed = try reader.read(input)
            try reader.check(routed)
            if let onEvent { reader.withEvent { onEvent(routed.subject, &$0) } }
        } catch { return error }
        if reader.hasUnreadable { noteUnreadable() }
        if let name = reader.unknownName { unknownEventsInTurn.count(name) }
        if reader.isCredit { creditCount += 1 }
        return nil
    }

    private func noteUnreadable() {
        for name in reader.unreadable { unreadableInTurn[name, default: 0] += 1 }
    }

    /// Appends the event and the links that are not in the log yet; returns how many records these are.
    @inline(__always)
    private func produce(
        _ routed: RoutedRecord, from origin: LogOrigin, _ input: RouterInput, to producer: Producer
    ) throws(BrokerError) -> Int {
        var header = LogHeader(
            kind: .event, flags: routed.flags, claimed: routed.claimed, received: routed.received, origin: origin,
            original: SHA256Digest(stored: routed.original), statement: input.statement)
        if input.mode == .live { noteLive(routed, input) }
        try produce(
            header, .event(routed.body), key: routed.subject, headers: input.mode == .live ? inputTime.bytes : nil,
            to: producer)
        guard !routed.links.isEmpty else { return 1 }
        header.kind = .link
        header.flags.formIntersection(.backfill)
        header.statement = .none
        let stamp = Stamp(time: routed.claimed, tieBreaker: LinkRecord.tieBreaker(routed.messageID))
        var count = 1
        for link in routed.links where !links.leavesOut(link, stamp, at: input.clock) {
            let record = LinkRecord(user: link.user, messageID: routed.messageID)
            try produce(header, .link(record), key: link.subject, to: producer)
            count += 1
        }
        return count
    }

    private func noteLive(_ routed: RoutedRecord, _ input: RouterInput) {
        inputTime.removeAll()
        if let time = input.kafkaTime { InputTime.write(time, into: inputTime) }
        latenessInTurn.add(seconds: Double((input.clock - min(routed.claimed, input.clock)).count) / 1_000)
    }

    /// What was appended since the last transaction ended is in the log.
    package func turnCommitted() {
        links.turnCommitted()
        unreadable.merge(unreadableInTurn) { $0 + $1 }
        unreadableInTurn.removeAll()
        unknownEvents.add(unknownEventsInTurn)
        unknownEventsInTurn.removeAll()
        passedOver.merge(passedOverInTurn) { $0 + $1 }
        passedOverInTurn.removeAll()
        lateness.add(latenessInTurn)
        latenessInTurn.removeAll()
    }

    /// What was appended since the last transaction ended is not in the log, or nobody knows.
    package func turnLost() {
        links.turnLost()
        unreadableInTurn.removeAll()
        unknownEventsInTurn.removeAll()
        passedOverInTurn.removeAll()
        latenessInTurn.removeAll()
    }

    private func produce(
        _ header: LogHeader, _ contents: LogContents, key: UnsafeRawBufferPointer,
        headers: UnsafeRawBufferPointer? = nil, to producer: Producer
    ) throws(BrokerError) {
        value.removeAll()
        value.append(header, contents)
        let partition = Murmur2.partition(of: key, partitionCount: partitions.count)
        try producer.produce(value, key: key, headers: headers, to: partitions[partition])
    }
}
