package import Brokers
import CustomerLifecycle
package import Wire

/// The Router's work on one input record: check, decode, redact, and append to the log what the record says.
///
/// It writes into a transaction that the caller holds open, so that the records and the caller's progress are one; the
/// caller says what became of it, since links that are in the log already are left out.
package final class LogWriter<Producer: TransactionalProducer> {
    private let partitions: [TopicPartition]
    private var reader: StorefrontReader
    private var decoder = EventDecoder()
    private var event = StorefrontEvent(
        claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)
    private var value = ByteWriter()
    private var links = LinkCache()
    /// How many optional fields of what is in the log could not be read, by name: they count as absent.
    package private(set) var unreadable: [String: Int] = [:]
    /// The same of what was appended since the last transaction ended.
    private var unreadableInTurn: [String: Int] = [:]

    package init(names: Names, partitionCount: Int, settings: RouterSettings) {
        partitions = (0..<partitionCount).map(names.log)
        reader = StorefrontReader(settings: settings)
    }

    /// The SHA-256 of the value that was looked at last, taken or not.
    package var original: SHA256Digest { SHA256Digest(stored: reader.original) }

    /// Appends what `input` says to the log; returns how many records, or why it cannot be taken.
    package func append(
        _ input: RouterInput, from origin: LogOrigin, to producer: Producer
    ) throws(BrokerError) -> Result<Int, Rejection> {
        let routed: RoutedRecord
        do throws(Rejection) { routed = try read(input) } catch { return .failure(error) }
        var header = LogHeader(
            kind: .event, flags: routed.flags, claimed: routed.claimed, received: routed.received, origin: origin,
            original: SHA256Digest(stored: routed.original))
        try produce(header, .event(routed.body), key: routed.subject, to: producer)
        guard !routed.links.isEmpty else { return .success(1) }
        header.kind = .link
        header.flags.formIntersection(.backfill)
        let stamp = Stamp(time: routed.claimed, tieBreaker: LinkRecord.tieBreaker(routed.messageID))
        var count = 1
        for link in routed.links where !links.leavesOut(link, stamp, at: input.clock) {
            let record = LinkRecord(user: link.user, messageID: routed.messageID)
            try produce(header, .link(record), key: link.subject, to: producer)
            count += 1
        }
        return .success(count)
    }

    /// Returns why `input` cannot be taken; nil where it can. It appends nothing, and counts what cannot be read.
    package func rejection(of input: RouterInput) -> Rejection? {
        do throws(Rejection) {
            _ = try read(input)
            return nil
        } catch {
            return error
        }
    }

    /// What was appended since the last transaction ended is in the log.
    package func turnCommitted() {
        links.turnCommitted()
        unreadable.merge(unreadableInTurn) { $0 + $1 }
        unreadableInTurn.removeAll()
    }

    /// What was appended since the last transaction ended is not in the log, or nobody knows.
    package func turnLost() {
        links.turnLost()
        unreadableInTurn.removeAll()
    }

    /// What the fold could not read must not get into the log: the same decoder looks first.
    private func read(_ input: RouterInput) throws(Rejection) -> RoutedRecord {
        let routed = try reader.read(input)
        try check(routed)
        return routed
    }

    private func check(_ routed: RoutedRecord) throws(Rejection) {
        do throws(EventError) {
            try decoder.decode(routed.body, claimed: routed.claimed, received: routed.received, into: &event)
        } catch {
            throw Rejection(error)
        }
        for field in decoder.unreadable { unreadableInTurn[field.description, default: 0] += 1 }
    }

    private func produce(
        _ header: LogHeader, _ contents: LogContents, key: UnsafeRawBufferPointer, to producer: Producer
    ) throws(BrokerError) {
        value.removeAll()
        value.append(header, contents)
        let partition = Murmur2.partition(of: key, partitionCount: partitions.count)
        try producer.produce(value, key: key, to: partitions[partition])
    }
}

extension Rejection {
    fileprivate init(_ error: EventError) {
        switch error {
        case .field(let field):
            self.init(field.isMissing ? .missingField : .unreadableField, field.description)
        case .malformed, .outOfMemory:
            self.init(.notJSON, error.description)
        }
    }
}
