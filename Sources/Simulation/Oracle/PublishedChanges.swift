import Brokers
import CustomerLifecycle
import Wire

/// Reads `lifecycle.changes` as a subscriber does.
struct PublishedChanges: ~Copyable {
    private var reader = OutputReader()

    /// Returns the change in a record. Throws if the record holds none.
    mutating func change(_ record: LentRecord) throws(Anomaly) -> ToldChange {
        var headers = OutputHeaders()
        try Self.scan(record) { headers.add($0.name, $0.value) }
        let output: PublishedOutput?
        do throws(UnreadableOutput) {
            output = try reader.read(record.value, key: record.key, headers)
        } catch {
            throw Anomaly("output \(record.offset): \(error)")
        }
        guard let output else { throw Anomaly("output \(record.offset) is of no type of ours") }
        switch output.content {
        case .stageChange(let change): return ToldChange(output.head, change.standing, as: change)
        case .restatement(let standing): return ToldChange(output.head, standing)
        }
    }

    static func headers(_ record: LentRecord) throws(Anomaly) -> [String: String] {
        var found: [String: String] = [:]
        try scan(record) { header in
            let name = String(decoding: header.name, as: UTF8.self)
            found[name] = header.value.map { String(decoding: $0, as: UTF8.self) }
        }
        return found
    }

    private static func scan(_ record: LentRecord, _ body: (LentHeader) -> Void) throws(Anomaly) {
        guard let block = record.headers else { return }
        var scanner = HeaderScanner(block)
        do {
            while let header = try scanner.next() { body(header) }
        } catch {
            throw Anomaly("output \(record.offset) has unreadable headers")
        }
    }
}

extension ToldChange {
    /// `change` is nil where the standing is said again.
    fileprivate init(
        _ head: PublishedOutput.Head, _ standing: PublishedStanding, as change: PublishedStageChange? = nil
    ) {
        self.init(
            isRestated: change == nil, id: head.id, customer: head.customer, sequence: head.sequence,
            from: change?.previousStage, to: standing.stage, rule: standing.rule, time: head.time,
            since: standing.enteredAt, previousSince: change?.previousEnteredAt, entryCount: Int(standing.entryCount),
            trigger: change?.trigger.rawValue ?? "", corrects: change?.corrects, lateBySeconds: change?.lateBySeconds,
            isBackfill: head.isBackfill, recorded: head.recorded, cycle: standing.cycle, orders: standing.orders,
            revenue: standing.revenue)
    }
}
