import Brokers
import CustomerLifecycle
import Wire

/// Reads `lifecycle.changes` as a subscriber does.
struct PublishedChanges: ~Copyable {
    private var reader = StageChangeReader()

    /// The change a record holds, or an anomaly if it holds none.
    mutating func change(_ record: LentRecord) throws(Anomaly) -> ToldChange {
        guard let value = record.value, reader.read(value) else {
            throw Anomaly("output \(record.offset) is no JSON object")
        }
        let headers = try Self.headers(record)
        let number = { (name: String) in headers[name].flatMap { UInt64($0) } ?? 0 }
        let key = record.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard key == reader.text(.customer), key == headers["ce_subject"], key == headers["ce_partitionkey"] else {
            throw Anomaly("output \(record.offset) names different customers in key, header and value")
        }
        return ToldChange(
            id: headers["ce_id"] ?? "", customer: key, sequence: number("ce_sequence"),
            from: reader.text(.previousStage), to: reader.text(.stage) ?? "", rule: reader.text(.rule) ?? "",
            time: try Self.instant(headers["ce_time"]),
            previousSince: try reader.text(.previousEnteredAt).map(Self.instant),
            entryCount: reader.text(.entryCount).flatMap { Int($0) } ?? 0, trigger: reader.text(.trigger) ?? "",
            corrects: reader.text(.corrects), lateBySeconds: reader.text(.lateBySeconds).flatMap { Int64($0) },
            isBackfill: headers["ce_replaymode"] == "backfill", recorded: try Self.instant(headers["ce_recordedtime"]),
            cycle: reader.text(.cycle).flatMap { Int64($0) } ?? 0,
            orders: reader.text(.orders).flatMap { Int64($0) } ?? 0,
            revenue: reader.text(.revenue).flatMap { Int64($0) } ?? 0)
    }

    static func headers(_ record: LentRecord) throws(Anomaly) -> [String: String] {
        var found: [String: String] = [:]
        guard let block = record.headers else { return found }
        var scanner = HeaderScanner(block)
        do {
            while let header = try scanner.next() {
                let name = String(decoding: header.name, as: UTF8.self)
                found[name] = header.value.map { String(decoding: $0, as: UTF8.self) }
            }
        } catch {
            throw Anomaly("output \(record.offset) has unreadable headers")
        }
        return found
    }

    private static func instant(_ text: String?) throws(Anomaly) -> Instant {
        guard let text, let instant = TimeText.parse(text) else {
            throw Anomaly("\(text ?? "nothing") is no instant")
        }
        return instant
    }
}
