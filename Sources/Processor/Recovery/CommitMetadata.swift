/// What a projector commits beside its offset: how far the record at that offset is published, and the proof of what
/// was folded.
///
/// ASCII, format 1: `1 <fold version> <output count> <cursor or -> <log chain> <output chain>`, then
/// the skipped records.
package struct CommitMetadata: Equatable, Sendable {
    package var foldVersion: UInt32
    /// Published changes since the generation began: genesis, or the newest generation record.
    package var outputCount: UInt64
    /// The ordinal of the next output of the record at the committed offset; nil between records.
    package var cursor: Int?
    /// Over the records before the committed offset.
    package var log: Chain
    package var outputs: Chain
    /// The records left out, in the order of their offsets.
    package var skipped: [SkippedRecord]

    package init(
        foldVersion: UInt32, outputCount: UInt64, cursor: Int?, log: Chain, outputs: Chain,
        skipped: [SkippedRecord] = []
    ) {
        self.foldVersion = foldVersion
        self.outputCount = outputCount
        self.cursor = cursor
        self.log = log
        self.outputs = outputs
        self.skipped = skipped
    }
}

extension CommitMetadata {
    /// What this build's version of the fold has come to where an older one committed: the same log, and no outputs,
    /// which it counts from the generation record on that puts it in force. The steps of a record that moves time are
    /// others under each version, so those left out are not carried over.
    var carriedOver: Self {
        guard foldVersion < LogFold.version else { return self }
        return Self(
            foldVersion: LogFold.version, outputCount: 0, cursor: nil, log: log, outputs: Chain(),
            skipped: skipped.filter { $0.step == nil })
    }
}

extension CommitMetadata: LosslessStringConvertible {
    package var description: String {
        (["1 \(foldVersion) \(outputCount) \(cursor.map(String.init) ?? "-") \(log) \(outputs)"]
            + skipped.map(\.description))
            .joined(separator: " ")
    }

    package init?(_ description: String) {
        let fields = description.split(separator: " ", omittingEmptySubsequences: false)
        guard (6...6 + SkippedRecord.countMax).contains(fields.count), fields[0] == "1",
            let foldVersion = UInt32(fields[1]),
            let outputCount = UInt64(fields[2]), let log = Chain(String(fields[4])),
            let outputs = Chain(String(fields[5]))
        else { return nil }
        let cursor = Int(fields[3])
        guard fields[3] == "-" || cursor.map({ $0 >= 0 }) == true else { return nil }
        let skipped = fields[6...].compactMap { SkippedRecord(String($0)) }
        guard skipped.count == fields.count - 6 else { return nil }
        self.init(
            foldVersion: foldVersion, outputCount: outputCount, cursor: cursor, log: log, outputs: outputs,
            skipped: skipped)
    }
}
