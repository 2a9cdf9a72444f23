import Brokers
import CustomerLifecycle
import PolicyLanguage
import Wire

/// Encodes what a fold published and produces it to `lifecycle.changes`, on the log's own partition.
final class ChangePublisher {
    private let names: Names
    private let partition: Int
    private let headers = HeaderBlock()
    private var json = JSONWriter()
    private var value = ByteWriter()

    init(names: Names, partition: Int) {
        self.names = names
        self.partition = partition
    }

    /// Produces every change of `outcome`; returns their bytes, headers included.
    func publish(
        _ outcome: Outcome, of fold: LogFold, to producer: some TransactionalProducer
    ) throws(BrokerError) -> Int {
        guard let words = StageWords(fold) else { return 0 }
        var byteCount = 0
        for (change, description) in zip(outcome.changes, outcome.descriptions) {
            let subject = String(decoding: outcome.subject(of: change), as: UTF8.self)
            let output = words.output(
                change, description, of: subject,
                cause: StageWords.Cause(
                    partition: partition, prefix: names.prefix, appended: fold.appended, messageID: fold.causationID))
            byteCount += try produce(output, key: outcome.subject(of: change), to: producer)
        }
        return byteCount
    }

    private func produce(
        _ output: StageChangeOutput, key: ArraySlice<UInt8>, to producer: some TransactionalProducer
    ) throws(BrokerError) -> Int {
        json.removeAll()
        output.write(to: &json)
        headers.removeAll()
        for header in output.attributes.headers { headers.append(header.name, header.value) }
        value.removeAll()
        json.bytes.withUnsafeBytes { value.append($0) }
        var failure: BrokerError?
        key.withUnsafeBytes { key in
            do throws(BrokerError) {
                try producer.produce(value, key: key, headers: headers.bytes, to: names.changes(partition))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return json.bytes.count + (headers.bytes?.count ?? 0)
    }
}
