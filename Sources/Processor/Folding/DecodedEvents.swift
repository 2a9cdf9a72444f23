import Brokers
import CustomerLifecycle
import Wire

/// The next few events of a batch, decoded one after the other before the first of them is folded: what decodes and
/// what folds are each as much code as a processor keeps at hand, and taking turns with every record they would drive
/// each other out.
///
/// What cannot be decoded is left out, so that folding it comes upon the same error in its place.
struct DecodedEvents: ~Copyable {
    static let countMax = 32

    /// What the fold asks of an event's record beside the event.
    struct Head {
        var offset: Int64 = -1
        var claimed: Instant = .distantPast
        var isBackfill = false
        /// The subject's.
        var hash: UInt64 = 0
        /// The record's.
        var link = Chain.Link(key: nil, value: nil)
    }

    private var decoder = EventDecoder()
    /// Both by the distance of their offsets from the first one's.
    private let events = UnsafeMutableBufferPointer<StorefrontEvent>.allocate(capacity: countMax)
    private var heads = [Head](repeating: Head(), count: countMax)
    private var firstOffset: Int64 = 0

    init() {
        events.initialize(
            repeating: StorefrontEvent(
                claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated))
    }

    deinit {
        events.deinitialize()
        events.deallocate()
    }

    /// Forgets what was decoded; what comes is of `offset` and the `countMax - 1` after it.
    mutating func begin(at offset: Int64) {
        firstOffset = offset
        for place in heads.indices { heads[place].offset = -1 }
    }

    /// Decodes a record, if it is an event; `hash` is its subject's. Nothing is kept that is only lent.
    mutating func decode(_ record: LentRecord, hash: UInt64) {
        // Offsets may have gaps; what lies beyond them is decoded when it is folded.
        guard let place = place(at: record.offset), let subject = record.key, !subject.isEmpty else { return }
        decode(record, hash: hash, into: place)
    }

    /// What the record at `offset` adds to the log's chain, if it was decoded.
    func link(at offset: Int64) -> Chain.Link? {
        guard let place = place(at: offset), heads[place].offset == offset else { return nil }
        return heads[place].link
    }

    /// Lends the event at `offset`, if it was decoded, and says whether it was.
    mutating func lend(_ offset: Int64, _ body: (inout StorefrontEvent, Head) -> Void) -> Bool {
        guard let place = place(at: offset), heads[place].offset == offset else { return false }
        body(&events[place], heads[place])
        return true
    }

    private func place(at offset: Int64) -> Int? {
        let distance = offset - firstOffset
        return (0..<Int64(Self.countMax)).contains(distance) ? Int(distance) : nil
    }

    private mutating func decode(_ lent: LentRecord, hash: UInt64, into place: Int) {
        do {
            let record = try LogRecord(lent.value)
            guard case .event = record.header.kind else { return }
            try decoder.decode(record.body, header: record.header, into: &events[place])
            heads[place] = Head(
                offset: lent.offset, claimed: record.header.claimed,
                isBackfill: record.header.isBackfill, hash: hash, link: Chain.Link(key: lent.key, value: lent.value))
        } catch {
            // The fold says why, when it comes to it.
            heads[place].offset = -1
        }
    }
}
