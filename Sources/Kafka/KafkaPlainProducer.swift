package import Brokers
import CRdKafka

/// A producer without transactions, as a shop's own is: it brings the orders of a measurement into their topic.
///
/// All calls are made by one thread. What was not flushed is lost with it.
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

    /// Takes a record for the partition of its key; the bytes are copied. Waits at most 30 s for room in the queue.
    package func produce(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) throws(BrokerError) {
        let patience = Patience()
        // The library never writes to what it is lent, whatever the type of its parameter says.
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

    /// Throws where a record could not be written. To be called several times a second: only here is that told.
    package func check() throws(BrokerError) {
        rd_kafka_poll(client.raw, 0)
        guard let code = client.callbacks.takeFailedDelivery() else { return }
        throw BrokerError(code.isRefusal ? .refused : .stop, "A record for \(topic) was not written: \(code.sentence).")
    }

    /// Returns once everything that was produced is written.
    package func flush() throws(BrokerError) {
        let patience = Patience()
        guard rd_kafka_flush(client.raw, patience.milliseconds()) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw trouble.unreachable("writes \(rd_kafka_outq_len(client.raw)) records to \(topic)")
        }
        try check()
    }
}
