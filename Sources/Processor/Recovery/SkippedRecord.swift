/// A record that its operator has taken out of the fold, because folding it stops the process; or one subject's share
/// of a record that moves time. Travels in the commit metadata, where every reader of the log finds it.
package struct SkippedRecord: Hashable, Sendable {
    /// At most so many in one partition: metadata has a size.
    package static let countMax = 16

    package let offset: Int64
    /// Which of the subjects that the record meets, counted from 0; nil is the whole record.
    package let step: Int?

    package init(offset: Int64, step: Int?) {
        self.offset = offset
        self.step = step
    }
}

extension SkippedRecord: LosslessStringConvertible {
    /// `4711`, or `4711@3`.
    package var description: String { step.map { "\(offset)@\($0)" } ?? "\(offset)" }

    package init?(_ description: String) {
        let parts = description.split(separator: "@", omittingEmptySubsequences: false)
        guard let first = parts.first, let offset = Int64(first), offset >= 0, parts.count <= 2 else { return nil }
        let step = parts.count == 2 ? Int(parts[1]) : nil
        guard parts.count == 1 || step.map({ $0 >= 0 }) == true else { return nil }
        self.init(offset: offset, step: step)
    }
}

/// What a setting says: a skipped record and its partition, `2:4711` or `2:4711@3`.
package struct PartitionSkippedRecord: Hashable, Sendable, LosslessStringConvertible {
    package let partition: Int
    package let skippedRecord: SkippedRecord

    package init(partition: Int, skippedRecord: SkippedRecord) {
        self.partition = partition
        self.skippedRecord = skippedRecord
    }

    package init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let partition = Int(parts[0]), partition >= 0,
            let skippedRecord = SkippedRecord(String(parts[1]))
        else { return nil }
        self.init(partition: partition, skippedRecord: skippedRecord)
    }

    package var description: String { "\(partition):\(skippedRecord)" }
}

extension [PartitionSkippedRecord] {
    /// Throws where one of them names a partition that the log does not have.
    package func check(partitionCount: Int, of names: Names) throws(ProcessorError) {
        guard let nowhere = first(where: { !(0..<partitionCount).contains($0.partition) }) else { return }
        throw ProcessorError(
            .usage, "--annulled \(nowhere) names no partition of \(names.log), which has 0 to \(partitionCount - 1).")
    }
}
