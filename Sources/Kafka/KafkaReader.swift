package import Brokers
import CRdKafka
import Glibc
import Storage

/// Reads the committed records of one partition from its own queue. One thread owns it.
///
/// The library reports the end of the partition as an event, once for each end, whose offset lies behind control
/// records.
package final class KafkaReader: PartitionReader {
    package let partition: TopicPartition
    /// The next offset. At the end of the partition it lies behind control records, as the offsets of records cannot.
    package private(set) var position: NextOffset
    private let client: KafkaHandle
    private let topic: KafkaTopic
    private let queue: OpaquePointer
    private let trouble: KafkaTrouble
    private let ticker: FetchTicker
    private let onEnd: () -> Void
    private var isAtEnd = false
    private var thread = OwningThread()
    /// The messages taken from the queue. They are freed once the records that point into them were read.
    private let messages = UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>.allocate(
        capacity: batchCountMax)
    private var messageCount = 0
    private let records = UnsafeMutableBufferPointer<LentRecord>.allocate(capacity: batchCountMax)
    private var recordCount = 0
    /// The position once the records in hand were read.
    private var positionAfter: NextOffset
    /// An error that came with the records in hand. It is thrown once they were read, so that an error never splits a
    /// batch.
    private var failure: BrokerError?
    /// Copies of the values in hand, with 64 readable bytes behind each.
    private let values = ByteBuffer(capacity: 1 << 16)

    /// The headers of the records in hand.
    private var blocks: [HeaderBlock] = []

    private static let batchCountMax = 2_048
    private static let readableBytesBehind = 64

    init(
        of partition: TopicPartition, from next: NextOffset, client: KafkaHandle, arrival: Int32,
        trouble: KafkaTrouble, ticker: FetchTicker, onEnd: @escaping () -> Void
    ) throws(BrokerError) {
        self.partition = partition
        self.client = client
        self.trouble = trouble
        self.ticker = ticker
        self.onEnd = onEnd
        position = next
        positionAfter = next
        guard let topic = KafkaTopic(partition.topic.name, of: client), let queue = rd_kafka_queue_new(client.raw)
        else {
            throw BrokerError(.stop, "No reader of \(partition): \(rd_kafka_last_error().sentence).")
        }
        self.topic = topic
        self.queue = queue
        var one: UInt64 = 1
        rd_kafka_queue_io_event_enable(queue, arrival, &one, 8)
        guard rd_kafka_consume_start_queue(topic.raw, Int32(partition.partition), next.value, queue) == 0 else {
            let reason = rd_kafka_last_error().sentence
            throw BrokerError(.stop, "\(partition) cannot be read from \(next): \(reason).")
        }
    }

    deinit {
        freeMessages()
        rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
        rd_kafka_consume_stop(topic.raw, Int32(partition.partition))
        rd_kafka_queue_destroy(queue)
        messages.deallocate()
        records.deallocate()
        onEnd()
    }

    package func read<Failure: Error>(
        countMax: Int, waits: Bool, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int {
        thread.check("A reader")
        precondition(countMax > 0, "A batch of none would look like the end.")
        if recordCount == 0 {
            do throws(BrokerError) {
                try fill(min(countMax, Self.batchCountMax), waits: waits)
            } catch {
                throw .broker(error)
            }
            guard recordCount > 0 else { return 0 }
        }
        do {
            try body(UnsafeBufferPointer(rebasing: records[..<recordCount]))
        } catch {
            // The records that `body` threw on are lent again.
            throw .body(error)
        }
        defer { recordCount = 0 }
        freeMessages()
        position = positionAfter
        return recordCount
    }

    // MARK: Filling

    /// Takes the next records in hand. It takes none at the end of the partition or, without `waits`, where none has
    /// arrived.
    private func fill(_ countMax: Int, waits: Bool) throws(BrokerError) {
        let patience = Patience()
        values.removeAll()
        if let failure = failure.take() { throw failure }
        while recordCount == 0 {
            // The call waits until it has as many as it was asked for, so it waits for one record only.
            var count = take(countMax, milliseconds: 0)
            if count == 0, waits, !isAtEnd { count = take(1, milliseconds: 100) }
            guard count > 0 else {
                if isAtEnd || !waits { return }
                guard !patience.isOver else { throw trouble.unreachable("waited for records of \(partition)") }
                continue
            }
            if count == countMax { ticker.drains(partition, of: client) }
            lendable()
            if recordCount == 0, let failure = failure.take() { throw failure }
        }
    }

    private func take(_ countMax: Int, milliseconds: Int32) -> Int {
        freeMessages()
        messageCount = max(rd_kafka_consume_batch_queue(queue, milliseconds, messages, countMax), 0)
        return messageCount
    }

    /// Makes records of the messages in hand, and acts on the events and errors among them.
    private func lendable() {
        reserve()
        for index in 0..<messageCount {
            guard let message = messages[index] else { continue }
            switch message.pointee.err {
            case RD_KAFKA_RESP_ERR_NO_ERROR: append(message)
            case RD_KAFKA_RESP_ERR__PARTITION_EOF:
                isAtEnd = true
                positionAfter = max(positionAfter, NextOffset(message.pointee.offset))
            default: failure = failure ?? follow(message.pointee.err, message)
            }
        }
        if recordCount == 0 { position = positionAfter }
    }

    /// Makes room for all values at once, so that none moves while a record points to it.
    private func reserve() {
        var byteCount = 0
        for index in 0..<messageCount { byteCount += (messages[index]?.pointee.len ?? 0) + Self.readableBytesBehind }
        values.removeAll()
        _ = values.extend(by: byteCount)
        values.removeAll()
    }

    private func append(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
        // A record can come again after a change of leaders; it must not be folded twice.
        guard message.pointee.offset >= positionAfter.value else { return }
        isAtEnd = false
        var value: UnsafeRawBufferPointer?
        if let payload = message.pointee.payload {
            let copy = values.extend(by: message.pointee.len + Self.readableBytesBehind)
            copy.copyMemory(from: payload, byteCount: message.pointee.len)
            value = UnsafeRawBufferPointer(start: copy, count: message.pointee.len)
        }
        let key = message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) }
        let record = LentRecord(
            offset: message.pointee.offset, timestamp: rd_kafka_message_timestamp(message, nil), key: key, value: value,
            headers: packedHeaders(message))
        records.initializeElement(at: recordCount, to: record)
        recordCount += 1
        positionAfter = NextOffset(after: message.pointee.offset)
    }

    /// Returns the packed headers of a message; nil where there are none, as on all records of the log.
    private func packedHeaders(_ message: UnsafePointer<rd_kafka_message_t>) -> UnsafeRawBufferPointer? {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return nil }
        let block = HeaderBlock()
        var (index, count) = (0, 0)
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        while rd_kafka_header_get_all(list, index, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR {
            guard let name else { break }
            block.append(
                UnsafeRawBufferPointer(start: name, count: strlen(name)),
                value.map { UnsafeRawBufferPointer(start: $0, count: count) })
            index += 1
        }
        blocks.append(block)
        return block.bytes
    }

    /// Returns the error to throw; nil for one that passes by itself.
    private func follow(
        _ code: rd_kafka_resp_err_t, _ message: UnsafePointer<rd_kafka_message_t>
    ) -> BrokerError? {
        let reason = String(cString: rd_kafka_message_errstr(message))
        if code.isRefusal { return BrokerError(.refused, "\(partition) may not be read: \(reason).") }
        if code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE {
            return BrokerError(.stop, "\(partition) has nothing at offset \(positionAfter) any more: \(reason).")
        }
        guard code.isPassing else {
            return BrokerError(.stop, "\(partition) cannot be read: \(reason) (\(code.name)).")
        }
        trouble.reported(code, reason)
        return nil
    }

    private func freeMessages() {
        for index in 0..<messageCount {
            if let message = messages[index] { rd_kafka_message_destroy(message) }
        }
        messageCount = 0
        blocks.removeAll(keepingCapacity: true)
    }
}
