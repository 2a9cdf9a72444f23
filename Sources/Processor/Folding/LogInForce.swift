package import Brokers
import CustomerLifecycle
package import Storage
package import Wire

/// What is in force at the end of a log: what genesis says, or the newest adoption and the newest generation since.
package struct LogInForce: Sendable {
    package var policy: AdoptedPolicy
    /// The generation of outputs: 1 in genesis.
    package var generation: UInt32
    /// The version of the fold that gives them.
    package var foldVersion: UInt32
}

extension LogInForce {
    /// Reads the first partition, since every one has all of these records: from the newest checkpoint on, where there
    /// is one that can be read.
    package static func atEnd<D: Disk>(
        in broker: some Broker, names: Names, checkpoints: Checkpoints<D>
    ) throws(ProcessorError) -> Self {
        // Throws what is amiss with the log, where something is.
        let genesis = try LogFold.Genesis.read(from: broker, names.log(0))
        let end = try ProcessorError.translating { () throws(BrokerError) in try broker.end(of: names.log(0)) }
        let known = checkpoints.inForce(of: genesis.log, in: 0, upTo: end)
        var found = known?.inForce
        try eachOwnRecord(of: names.log(0), in: broker, from: known?.next ?? NextOffset(0)) { record, _ in
            switch record.contents {
            case .genesis(let record):
                found = Self(policy: record.policy, generation: 1, foldVersion: record.foldVersion)
            case .adoption(let policy) where policy.number > found?.policy.number ?? 0:
                found?.policy = policy
            case .generation(let record) where record.number > found?.generation ?? 0:
                found?.generation = record.number
                found?.foldVersion = record.foldVersion
            case .event, .link, .tick, .caughtUp, .adoption, .generation: break
            }
        }
        guard let found else { throw ProcessorError(.notOurLog, "\(names.log) is empty: it has no genesis record.") }
        return found
    }

    /// Throws unless this build's version of the fold is in force.
    package func requireThisBuild(_ names: Names) throws(ProcessorError) {
        try LogFold.requireThisBuild(foldVersion, of: "\(names.log)")
    }

    /// Throws unless this build's version of the fold is in force, for who asks before folding: whatever else is amiss
    /// with what the projector committed is the projector's to say.
    package static func requireThisBuild(in broker: some Broker, _ names: Names) throws(ProcessorError) {
        let committed = try ProcessorError.translating { () throws(BrokerError) in
            try broker.committed(by: names.projector, on: names.log(0))
        }
        guard let committed, let metadata = CommitMetadata(committed.metadata) else { return }
        try requireThisBuild(after: metadata, at: committed.next, of: names.log(0), in: broker)
    }

    /// Throws unless this build's version is in force in a partition of which this was committed. An older build could
    /// not fold beyond the generation record with which a newer version begins, so that one lies behind.
    static func requireThisBuild(
        after committed: CommitMetadata, at next: NextOffset, of partition: TopicPartition, in broker: some Broker
    ) throws(ProcessorError) {
        guard try LogFold.known(committed.foldVersion) != LogFold.version else { return }
        let newest = try newestVersion(of: partition, in: broker, from: next)
        try LogFold.requireThisBuild(newest ?? committed.foldVersion, of: "\(partition)")
    }

    /// The fold version of the newest generation record from `next` on; nil where there is none.
    private static func newestVersion(
        of partition: TopicPartition, in broker: some Broker, from next: NextOffset
    ) throws(ProcessorError) -> UInt32? {
        var newest: GenerationRecord?
        try eachOwnRecord(of: partition, in: broker, from: next) { own, _ in
            guard case .generation(let record) = own.contents, record.number > newest?.number ?? 0 else { return }
            newest = record
        }
        return newest?.foldVersion
    }

    /// What a record of ours says, and the instant that it claims.
    struct OwnRecord {
        let claimed: Instant
        let contents: LogContents
    }

    /// Lends what the records without a key say, from `next` to the partition's end as it is now. `onProgress` is told
    /// how many records were passed.
    static func eachOwnRecord(
        of partition: TopicPartition, in broker: some Broker, from next: NextOffset,
        onProgress: (Int) -> Void = { _ in }, _ body: (OwnRecord, LentRecord) -> Void
    ) throws(ProcessorError) {
        let reader = try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: partition, from: next)
        }
        while true {
            let count: Int
            do throws(ReadError<ProcessorError>) {
                count = try reader.read(countMax: 8_192) { records throws(ProcessorError) in
                    for record in records where record.key == nil { body(try own(record, partition), record) }
                }
            } catch {
                throw ProcessorError(error)
            }
            onProgress(count)
            guard count > 0 else { return }
        }
    }

    private static func own(_ lent: LentRecord, _ partition: TopicPartition) throws(ProcessorError) -> OwnRecord {
        do throws(LogRecordError) {
            let record = try LogRecord(lent.value)
            return OwnRecord(claimed: record.header.claimed, contents: try record.contents())
        } catch {
            throw ProcessorError(.damagedLog, "\(partition), offset \(lent.offset): \(error).")
        }
    }
}

extension LogFold {
    /// Returns a version of the fold that a log says; throws for one that this build is too old for.
    static func known(_ foldVersion: UInt32) throws(ProcessorError) -> UInt32 {
        guard foldVersion <= version else {
            throw ProcessorError(
                .otherFoldVersion,
                "The log is folded by version \(foldVersion) of the fold, this build has \(version): it is too old. "
                    + "Use the build that the log was upgraded with, or a newer one.")
        }
        return foldVersion
    }

    /// Throws unless the version of the fold that is in force is this build's.
    static func requireThisBuild(_ foldVersion: UInt32, of log: String) throws(ProcessorError) {
        guard try known(foldVersion) == version else {
            throw ProcessorError(
                .otherFoldVersion,
                "\(log) is folded by version \(foldVersion) of the fold, this build has \(version). "
                    + "`lifecycle upgrade` brings the log to this build; until then the older build goes on with it.")
        }
    }
}
