package import Brokers
import CRdKafka

/// A producer without transactions, as a shop's own is. Measurements write their orders with it.
///
/// One thread makes all calls. Records that were not flushed are lost with the producer.
package final class KafkaPlainProducer {
    private let client: KafkaHandle
    private let trouble: KafkaTrouble
    private let topic: Topic
    private let local: KafkaTopic

    /// `lingerMilliseconds` is how long a record may wait for others that are sent with it.
    package init(
        _ settings: KafkaSettings, clientID: String, topic: Topic, lingerMilliseconds: Int
    ) throws(BrokerError) {
        trouble = KafkaTrouble(brokers: settings.brokers)
        self.topic = topic
        client = try KafkaConfiguration(
            settings, clientID: clientID, callbacks: KafkaCallbacks(trouble),
            defaults: [
                ("linger.ms", "\(lingerMilliseconds)"), ("batch.size", "1000000"),
                ("queue.buffering.max.messages", "500000"), ("partitioner", "murmur2_random"),
            ],
            fixed: [("delivery.report.only.error", "true")]
        ).client(RD_KAFKA_PRODUCER)
        guard let local = KafkaTopic(topic.name, of: client) else {
            throw BrokerError(.stop, "No producer for \(topic): \(rd_kafka_last_error().sentence).")
        }
        self.local = local
    }

    /// Queues a record for the partition of its key, and copies the bytes. It waits at most 30 s for room in the queue.
    package func produce(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) throws(BrokerError) {
        let patience = Patience()
        // The library does not write to the bytes, although its parameter is mutable.
        while rd_kafka_produce(
            local.raw, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
            UnsafeMutableRawPointer(mutating: value.baseAddress), value.count, key.baseAddress, key.count, nil) != 0
        {
            let code = rd_kafka_last_error()
            guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
                throw BrokerError(
                    code.isRefusal ? .refused : .stop, "A record for \(topic) is not taken: \(code.sentence).")
            }
            guard !patience.isOver else { throw trouble.unreachable("sends to \(topic)") }
            rd_kafka_poll(client.raw, 5)
        }
    }

    /// Throws if a record could not be written. Call it several times a second, since only this call reports it.
    package func check() throws(BrokerError) {
        rd_kafka_poll(client.raw, 0)
        guard let code = client.callbacks.takeFailedDelivery() else { return }
        throw BrokerError(code.isRefusal ? .refused : .stop, "A record for \(topic) was not written: \(code.sentence).")
    }

    /// Waits until everything that was produced is written.
    package func flush() throws(BrokerError) {
        let patience = Patience()
        guard rd_kafka_flush(client.raw, patience.milliseconds()) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw trouble.unreachable("writes \(rd_kafka_outq_len(client.raw)) records to \(topic)")
        }
        try check()
    }
}
