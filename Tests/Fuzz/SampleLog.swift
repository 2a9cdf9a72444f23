import Brokers
import CustomerLifecycle
import Hostile
import PolicyLanguage
import Processor
import Storage
import Wire

/// A small log of valid records, and what works on it.
struct SampleLog {
    typealias Broker = EmbeddedBroker<SimulatedDisk, SetClock>

    static let clock = Instant(milliseconds: SampleEvents.clockMilliseconds)
    static let directory = "log"
    static let names = Names()
    static let settings: RouterSettings = {
        var settings = RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0))
        settings.hashKey = Array("key".utf8)
        settings.referralParameter = "ref"
        settings.consentCategories = ["C0004": "email_marketing"]
        settings.listPurposes = ["newsletter": "transactional"]
        return settings
    }()

    /// The records of partition 0 after genesis, as the Router makes them of the samples, and each kind of our own.
    let records: [KeptRecords.Record]
    let genesis: KeptRecords.Record
    /// How many records at the end are of our own kinds.
    static let ownCount = 4
    let policy: CompiledPolicy

    init() throws {
        policy = PolicyCompiler.compile(Preset.default.text)
        let partition = Self.names.log(0)
        let id = withUnsafeBytes(of: SIMD16<UInt8>(repeating: 7)) { LogID($0) }
        guard let id else { throw BrokenPromise("Sixteen bytes are a log's id.") }
        let adopted = AdoptedPolicy(number: 1, text: policy.text, zones: policy.zones)
        let record = GenesisRecord(log: id, partitionCount: 1, foldVersion: LogFold.version, policy: adopted)
        genesis = KeptRecords.Record(
            partition: partition, key: nil, value: Self.value(LogHeader(own: .genesis), .genesis(record)))
        let kept = KeptRecords()
        let writer = LogWriter<KeptRecords>(names: Self.names, partitionCount: 1, settings: Self.settings)
        for sample in SampleEvents.all { _ = try Self.append(sample, by: writer, to: kept) }
        var next = adopted
        next.number = 2
        let own: [(LogHeader, LogContents)] = [
            (LogHeader(own: .tick, claimed: Self.clock), .tick),
            (LogHeader(own: .caughtUp, claimed: Self.clock + .days(30)), .caughtUp),
            (LogHeader(own: .adoption, claimed: Self.clock + .days(40)), .adoption(next)),
            (LogHeader(own: .generation), .generation(GenerationRecord(number: 2, foldVersion: LogFold.version))),
        ]
        records =
            kept.records
            + own.map { KeptRecords.Record(partition: partition, key: nil, value: Self.value($0.0, $0.1)) }
    }

    /// Has the writer append what the event says. The rest is as it is for every sample.
    static func append(
        _ event: [UInt8], by writer: LogWriter<KeptRecords>, to kept: KeptRecords
    ) throws(BrokerError) -> Result<Int, Rejection> {
        try lending(event) { value throws(BrokerError) in
            try Array("input".utf8).withUnsafeBufferPointer { topic throws(BrokerError) in
                try writer.append(
                    RouterInput(value: value, kafkaTime: clock, clock: clock, mode: .live, isOfOperator: true),
                    from: LogOrigin(topic: UnsafeRawBufferPointer(topic), partition: 0, offset: 0), to: kept)
            }
        }
    }

    private static func value(_ header: LogHeader, _ contents: LogContents) -> [UInt8] {
        var value = ByteWriter()
        value.append(header, contents)
        return value.bytes
    }

    /// The fold of genesis.
    func fold(_ cache: PolicyCache) throws(BrokenPromise) -> LogFold {
        let fold = LogFold(index: 0, cache: cache)
        guard try Self.fold(genesis, in: fold) == nil else { throw BrokenPromise("A sample's genesis is folded.") }
        return fold
    }

    /// Folds the record as the log's next one, to its end. Returns why it cannot be folded; nil where it can.
    static func fold(_ record: KeptRecords.Record, in fold: LogFold) throws(BrokenPromise) -> String? {
        var outcome = Outcome(describes: true)
        do {
            return try lending(record.value, padding: ByteBuffer.paddingByteCount) { value in
                try lending(record.key ?? []) { key in
                    let lent = LentRecord(
                        offset: fold.next.value, timestamp: clock.milliseconds, key: record.key == nil ? nil : key,
                        value: value, headers: nil)
                    if try fold.fold(lent, into: &outcome) { return nil }
                    repeat { outcome.removeAll() } while !fold.proceed(outputCountMax: 1_000, into: &outcome)
                    return nil
                }
            }
        } catch {
            return "\(error)"
        }
    }

    /// Writes the first records, in two transactions, and a checkpoint of them. Returns the segment's bytes, and the
    /// checkpoint's name and bytes.
    func files(recordCount: Int = 60) throws -> (segment: [UInt8], checkpoint: (name: String, bytes: [UInt8])) {
        let disk = SimulatedDisk()
        let broker = try Broker.open(
            directory: Self.directory, access: .readWrite, disk: disk,
            clock: SetClock(milliseconds: Self.clock.milliseconds))
        let id = withUnsafeBytes(of: SIMD16<UInt8>(repeating: 7)) { LogID($0) }
        guard let id,
            let bootstrap = LogBootstrap(names: Self.names, partitionCount: 1, log: id, policy: policy)
        else { throw BrokenPromise("The built-in policy begins a log.") }
        try bootstrap.begin(in: broker)
        let producer = try broker.producer(transactionalID: "sample")
        for batch in [records.prefix(2), records.prefix(recordCount).dropFirst(2)] {
            try producer.begin()
            for record in batch { try Self.produce(record, to: producer) }
            _ = try producer.end()
        }
        let cache = PolicyCache()
        let fold = try fold(cache)
        for record in records.prefix(recordCount) { _ = try Self.fold(record, in: fold) }
        let checkpoints = Checkpoints(directory: try SnapshotDirectory("checkpoints", disk: disk), cache: cache)
        try checkpoints.write(fold)
        guard let segment = try disk.names(in: Self.directory).last(where: { $0.hasSuffix(".frames") }),
            let checkpoint = try disk.names(in: "checkpoints").first
        else { throw BrokenPromise("A log has a segment, and a checkpoint is a file.") }
        return (
            disk.contents(of: "\(Self.directory)/\(segment)"),
            (checkpoint, disk.contents(of: "checkpoints/\(checkpoint)"))
        )
    }

    private static func produce(_ record: KeptRecords.Record, to producer: some TransactionalProducer) throws {
        try record.value.withUnsafeBytes { value in
            try (record.key ?? []).withUnsafeBytes { key in
                try producer.produce(
                    OutgoingRecord(partition: record.partition, key: record.key == nil ? nil : key, value: value))
            }
        }
    }
}
