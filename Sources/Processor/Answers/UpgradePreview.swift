package import Brokers
import CustomerLifecycle
import Storage

/// What this build's version of the fold makes of a log that an older one is in force for, beside what is published.
package struct UpgradePreview: Sendable {
    /// A stage that customers leave, and the one they are found in.
    package struct Move: Hashable, Sendable {
        package let from: String
        package let to: String
    }

    /// The customers that there are, each of which is said again.
    package fileprivate(set) var customerCount = 0
    /// Those of them of whom nothing is published yet.
    package fileprivate(set) var unpublishedCount = 0
    /// Those of them who are published in another stage.
    package fileprivate(set) var moves: [Move: Int] = [:]
    /// What is published of customers that this version knows nothing of: visitors, forgotten at another time.
    package fileprivate(set) var strayRows: [PublishedRow] = []

    fileprivate mutating func add(_ other: Self) {
        customerCount += other.customerCount
        unpublishedCount += other.unpublishedCount
        moves.merge(other.moves) { $0 + $1 }
        strayRows += other.strayRows
    }
}

/// A customer that something is published of, and in which topic and partition.
package struct PublishedRow: Sendable {
    package let partition: TopicPartition
    package let customer: [UInt8]
}

extension LogView {
    /// Folds the whole log as this build does, whatever was committed, and compares it with what `topic` says of
    /// customers: `lifecycle.customers`, or where nobody keeps that, `lifecycle.changes`.
    package func upgradePreview(
        against topic: Topic, onProgress: @escaping @Sendable (Int) -> Void
    ) throws(ProcessorError) -> UpgradePreview {
        let parts = try onThreads(count: partitionCount, threadCount: threadCount) { number throws(ProcessorError) in
            try preview(of: number, against: TopicPartition(topic, number), onProgress)
        }
        var all = UpgradePreview()
        for part in parts { all.add(part) }
        return all
    }

    private func preview(
        of number: Int, against topic: TopicPartition, _ onProgress: (Int) -> Void
    ) throws(ProcessorError) -> UpgradePreview {
        let fold = try newFold(of: number, asOf: nil)
        try toEnd(fold, onProgress)
        var published = try publishedStages(in: topic)
        var preview = UpgradePreview()
        fold.withState { state in
            let names = state.progress.stageNames
            var said = Said()
            state.lendEachSubject { subject in
                guard subject.isCustomer else { return }
                preview.customerCount += 1
                subject.read(into: &said)
                guard let from = published.removeValue(forKey: Array(subject.subject)) else {
                    preview.unpublishedCount += 1
                    return
                }
                guard from != names[said.stage] else { return }
                preview.moves[UpgradePreview.Move(from: from, to: names[said.stage]), default: 0] += 1
            }
        }
        preview.strayRows = published.keys.map { PublishedRow(partition: topic, customer: $0) }
        return preview
    }

    /// The stage that each customer was published in last.
    private func publishedStages(in partition: TopicPartition) throws(ProcessorError) -> [[UInt8]: String] {
        var stages: [[UInt8]: String] = [:]
        let reader = try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: partition, from: try broker.start(of: partition))
        }
        while true {
            do throws(ReadError<ProcessorError>) {
                let count = try reader.read(countMax: 8_192) { records throws(ProcessorError) in
                    for record in records {
                        guard let key = record.key else { continue }
                        if let value = record.value, !Self.isForgetting(value) {
                            // A change of consent says nothing of the stage.
                            if let stage = Self.stage(in: value) { stages[Array(key)] = stage }
                        } else {
                            stages[Array(key)] = nil
                        }
                    }
                }
                guard count > 0 else { return stages }
            } catch {
                throw ProcessorError(error)
            }
        }
    }

    private static func isForgetting(_ value: UnsafeRawBufferPointer) -> Bool {
        value.firstRange(of: Array(#","forgotten_at":""#.utf8)) != nil
    }

    /// Returns the stage in the value of a row, a change or a restatement, if it is one. Of these members of ours the
    /// first one so spelled is it: in a text before it the quotes would be escaped.
    private static func stage(in value: UnsafeRawBufferPointer) -> String? {
        guard let start = value.firstRange(of: Array(#","stage":""#.utf8))?.upperBound else { return nil }
        return String(decoding: value[start...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
}
