import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Wire

/// Writes the records of a person's commands, at the watermark and in every partition at once.
extension World {
    /// Adopts the other policy, or after it the first one again.
    func adopt() throws(Anomaly) {
        let number = inspector.policyNumber + 1
        let policy = number.isMultiple(of: 2) ? OtherPolicy.compiled : history.policy
        let record = AdoptedPolicy(number: number, text: policy.text, zones: policy.zones)
        if try append(.adoption, .adoption(record)) { tally.count(.adopted) }
    }

    func regenerate() throws(Anomaly) {
        let record = GenerationRecord(number: inspector.generation + 1, foldVersion: LogFold.version)
        if try append(.generation, .generation(record)) { tally.count(.regenerated) }
    }

    /// Appends a record to every partition. Returns whether it did, since an input that waits holds time back.
    private func append(_ kind: LogKind, _ contents: LogContents) throws(Anomaly) -> Bool {
        let broker = try openBroker()
        do throws(ProcessorError) {
            guard case .at(let watermark, _) = try InputWatermark(broker: broker, names: names).read() else {
                return false
            }
            var value = ByteWriter()
            value.append(LogHeader(own: kind, claimed: watermark - .seconds(30)), contents)
            try ProcessorError.translating { () throws(BrokerError) in try append(value, to: broker) }
            return true
        } catch {
            throw Anomaly("a \(kind) could not be appended: \(error.description)")
        }
    }

    private func append(_ value: ByteWriter, to broker: Cluster.Inner) throws(BrokerError) {
        let producer = try broker.producer(transactionalID: "adopter")
        try producer.begin()
        for partition in 0..<history.partitionCount {
            var failure: BrokerError?
            value.withUnsafeBytes { bytes in
                let record = OutgoingRecord(partition: names.log(partition), key: nil, value: bytes)
                do throws(BrokerError) { try producer.produce(record) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        _ = try producer.end()
    }
}
