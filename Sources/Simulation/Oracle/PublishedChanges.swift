import Brokers
import Wire

/// Reads `lifecycle.changes` as a subscriber does.
struct PublishedChanges: ~Copyable {
    private var reader = OutputReader()

    /// Returns the output in a record. Throws if the record holds none.
    mutating func output(_ record: LentRecord) throws(Anomaly) -> ToldOutput {
        var headers = OutputHeaders()
        try Self.scan(record) { headers.add($0.name, $0.value) }
        let output: PublishedOutput?
        do throws(UnreadableOutput) {
            output = try reader.read(record.value, key: record.key, headers)
        } catch {
            throw Anomaly("output \(record.offset): \(error)")
        }
        guard let output else { throw Anomaly("output \(record.offset) is of no type of ours") }
        let content: ToldOutput.Content =
            switch output.content {
            case .stageChange(let change): .stage(ToldChange(change.standing, as: change))
            case .restatement(let standing): .stage(ToldChange(standing))
            case .segmentChange(let change): .segment(ToldSegmentChange(change))
            case .consentChange(let consent):
                .consent(channel: consent.channel, purpose: consent.purpose, why: consent.why)
            case .action(let action):
                .action(key: action.businessKey, decision: action.decision.word, why: action.why)
            case .forgetting(let forgetting):
                .forgotten(
                    stage: forgetting.previousStage, since: forgetting.enteredAt, lastEvent: forgetting.lastEventAt)
            }
        let head = output.head
        return ToldOutput(
            id: head.id, customer: head.customer, life: head.life, sequence: head.sequence, time: head.time,
            isBackfill: head.isBackfill, recorded: head.recorded, content: content)
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
