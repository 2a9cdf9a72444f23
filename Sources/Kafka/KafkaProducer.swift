package import Brokers
import CRdKafka
import Glibc

/// A transactional producer. After an error that leaves the state of its client in doubt it makes a new client under
/// the same id, which ends what was open. The outcome of a commit under way is then `unknown` until the offsets are
/// asked for.
///
/// The library speaks the old transaction protocol, in which a late end of one transaction could end the next. So no
/// client is used again after a commit whose answer was lost. One thread at a time may call it.
package final class KafkaProducer: TransactionalProducer {
    private let settings: KafkaSettings
    private let clientID: String
    private let transactionalID: String
    private let trouble: KafkaTrouble
    private var client: KafkaHandle?
    private var topics: [Topic: KafkaTopic] = [:]
    /// The topic used last, with its handle.
    private var lastTopic: (topic: Topic, handle: KafkaTopic)?
    /// The offsets of the open transaction, which are sent at its end, group by group.
    private var offsets: [Progress] = []
    /// Counts how often another producer of this id took over.
    private var fencings = Fencings()
    /// When the open transaction began, by a clock that goes on while the process is stopped.
    private var began = ContinuousClock.now
    /// How long the broker keeps a transaction open.
    private let timeout: Duration
    /// Called with the age of a transaction that the broker ended because it was open for too long. The transaction is
    /// run again, like any that was aborted.
    package var onTimedOut: (Duration) -> Void = { _ in }
    /// How many records were produced since the delivery reports were last served.
    private var unservedCount = 0

    private struct Progress {
        let group: Group
        let assignment: Assignment?
        var list: [TopicPartition: CommittedOffset]
    }

    private static let transactionMilliseconds = 15_000

    init(
        _ settings: KafkaSettings, clientID: String, transactionalID: String, trouble: KafkaTrouble
    ) throws(BrokerError) {
        self.settings = settings
        self.clientID = clientID
        self.transactionalID = transactionalID
        self.trouble = trouble
        let set = settings.extra.last { $0.key == "transaction.timeout.ms" }.flatMap { Int($0.value) }
        timeout = .milliseconds(set ?? Self.transactionMilliseconds)
        client = try open()
    }

    /// Asks for the leaders of topics, which would otherwise delay the first transaction that writes to them by a
    /// second.
    package func prepare(for topics: [Topic]) throws(BrokerError) {
        for topic in topics {
            let known = try self.topic(topic)
            guard let client else { return }
            var found: UnsafePointer<rd_kafka_metadata>?
            if rd_kafka_metadata(client.raw, 0, known.raw, &found, 10_000) == RD_KAFKA_RESP_ERR_NO_ERROR, let found {
                rd_kafka_metadata_destroy(found)
            }
        }
    }

    package func begin() throws(BrokerError) {
        offsets.removeAll(keepingCapacity: true)
        for isAgain in [false, true] {
            let client: KafkaHandle
            if let known = self.client { client = known } else { client = try open() }
            self.client = client
            _ = client.callbacks.takeFailedDelivery()
            began = .now
            guard let failure = KafkaFailure(taking: rd_kafka_begin_transaction(client.raw)) else { return }
            try lose(after: failure)
            if isAgain { throw BrokerError(.retry, "No transaction can be begun: \(failure.reason).") }
        }
    }

    package func produce(_ record: OutgoingRecord) throws(BrokerError) {
        let byteCount = (record.key?.count ?? 0) + (record.value?.count ?? 0) + (record.headers?.count ?? 0)
        guard byteCount <= KafkaSettings.messageByteCountMax - 1_024 else {
            throw BrokerError(
                .stop, "A record of \(byteCount) bytes for \(record.partition) is larger than topics are made to take.")
        }
        let patience = Patience()
        while true {
            let code = try send(record)
            switch code {
            case RD_KAFKA_RESP_ERR_NO_ERROR: return serveReports()
            case RD_KAFKA_RESP_ERR__QUEUE_FULL where !patience.isOver:
                if let client { rd_kafka_poll(client.raw, 10) }
            case RD_KAFKA_RESP_ERR__QUEUE_FULL:
                throw trouble.unreachable("sends to \(record.partition)")
            case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
                throw .noPartition(record.partition)
            default:
                throw BrokerError(
                    code.isRefusal ? .refused : .abortTransaction,
                    "A record for \(record.partition) is not taken: \(reason(code)).")
            }
        }
    }

    /// Returns what the library gave up for, where it did; else what the code says.
    private func reason(_ code: rd_kafka_resp_err_t) -> String {
        guard code == RD_KAFKA_RESP_ERR__FATAL, let client else { return code.sentence }
        var text = [CChar](repeating: 0, count: 512)
        let cause = rd_kafka_fatal_error(client.raw, &text, text.count)
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return cause == RD_KAFKA_RESP_ERR_NO_ERROR ? code.sentence : "\(cause.sentence) (\(words))"
    }

    /// Serves delivery reports now and then, since a written record takes memory until its report is served.
    private func serveReports() {
        unservedCount += 1
        guard unservedCount >= Self.unservedCountMax, let client else { return }
        unservedCount = 0
        rd_kafka_poll(client.raw, 0)
    }

    private static let unservedCountMax = 256

    package func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError) {
        if let index = offsets.firstIndex(where: { $0.group == group && $0.assignment?.proof == assignment?.proof }) {
            offsets[index].list[partition] = offset
        } else {
            offsets.append(Progress(group: group, assignment: assignment, list: [partition: offset]))
        }
    }

    package func end() throws(BrokerError) -> CommitOutcome {
        switch try close() {
        case .committed:
            trouble.succeeded()
            return .committed
        case .failed(let failure): return try aborted(after: failure)
        case .unsure(let failure):
            // The broker may have committed it, or may still do so. The new client decides it, and the offsets show the
            // outcome.
            try lose(after: failure)
            client = try open(Patience(Patience.decision))
            return .unknown
        }
    }

    private enum Closing {
        case committed
        /// The commit was not requested, or it was refused.
        case failed(KafkaFailure)
        case unsure(KafkaFailure)
    }

    /// Ends the transaction. No reference to the client outlives this call: a client in doubt must be gone before the
    /// next one decides, because it would request the commit again.
    private func close() throws(BrokerError) -> Closing {
        guard let client else {
            throw BrokerError(.abortTransaction, "The transaction of \(transactionalID) is over.")
        }
        let patience = Patience(settings.commitPatience)
        for entry in offsets {
            if let failure = try send(entry, client, patience) { return .failed(failure) }
        }
        while true {
            let answer = rd_kafka_commit_transaction(client.raw, patience.milliseconds())
            guard let failure = KafkaFailure(taking: answer) else { return .committed }
            if failure.isRetriable, !patience.isOver { continue }
            return failure.isAbortable ? .failed(failure) : .unsure(failure)
        }
    }

    package func abort() throws(BrokerError) { _ = try drop() }
}

// MARK: - Calls

extension KafkaProducer {
    /// Makes a client, which fences every earlier producer of the id and ends what it left open.
    private func open(_ patience: Patience = Patience()) throws(BrokerError) -> KafkaHandle {
        let client = try KafkaConfiguration(
            settings, clientID: clientID, callbacks: KafkaCallbacks(trouble),
            defaults: [
                ("transaction.timeout.ms", "\(Self.transactionMilliseconds)"),
                // Batches fill during a turn. The end of the turn sends the rest at once, so a single record does not
                // wait.
                ("linger.ms", "20"), ("compression.type", "lz4"),
                ("queue.buffering.max.messages", "1000000"), ("queue.buffering.max.kbytes", "32768"),
                // The end of a transaction may still be being written when the next one begins; then the broker asks
                // for a retry, which by default comes after 100 ms.
                ("retry.backoff.ms", "10"),
            ],
            fixed: [
                ("transactional.id", transactionalID),
                // Each report wakes the call that waits for them. Without reports it checks every 10 ms.
                ("delivery.report.only.error", "false"),
            ]
        ).client(RD_KAFKA_PRODUCER)
        forgetTopics()
        while let failure = KafkaFailure(taking: rd_kafka_init_transactions(client.raw, patience.milliseconds())) {
            if failure.isRefusal {
                throw BrokerError(
                    .refused, "Transactional id \(transactionalID) may not be used: \(failure.reason).")
            }
            guard failure.isRetriable else {
                throw BrokerError(.retry, "No producer \(transactionalID): \(failure.reason).")
            }
            guard !patience.isOver else { throw trouble.unreachable("opens producer \(transactionalID)") }
        }
        trouble.succeeded()
        return client
    }

    private func topic(_ topic: Topic) throws(BrokerError) -> KafkaTopic {
        if let lastTopic, lastTopic.topic == topic { return lastTopic.handle }
        let handle: KafkaTopic
        if let known = topics[topic] { handle = known } else { handle = try open(topic) }
        lastTopic = (topic, handle)
        return handle
    }

    private func forgetTopics() {
        topics.removeAll()
        lastTopic = nil
    }

    private func open(_ topic: Topic) throws(BrokerError) -> KafkaTopic {
        guard let client, let fresh = KafkaTopic(topic.name, of: client) else {
            throw BrokerError(.abortTransaction, "No producer for \(topic).")
        }
        topics[topic] = fresh
        return fresh
    }

    private func send(_ record: OutgoingRecord) throws(BrokerError) -> rd_kafka_resp_err_t {
        guard let client else { throw BrokerError(.abortTransaction, "The transaction is over.") }
        let topic = try topic(record.partition.topic)
        if let headers = record.headers {
            return lifecycle_produce(
                client.raw, topic.raw, Int32(record.partition.partition), Self.start(record.key),
                record.key?.count ?? 0, Self.start(record.value), record.value?.count ?? 0,
                headers.baseAddress?.assumingMemoryBound(to: UInt8.self), headers.count)
        }
        let status = rd_kafka_produce(
            topic.raw, Int32(record.partition.partition), RD_KAFKA_MSG_F_COPY,
            Self.start(record.value), record.value?.count ?? 0, Self.start(record.key), record.key?.count ?? 0, nil)
        return status == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error()
    }

    /// Returns an address for the library, which takes a null one for a tombstone or a missing key. An empty buffer of
    /// ours may have no address, so it gets one.
    private static func start(_ bytes: UnsafeRawBufferPointer?) -> UnsafeMutableRawPointer? {
        guard let bytes else { return nil }
        // The address is never read, since there are no bytes.
        return bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) } ?? UnsafeMutableRawPointer(bitPattern: 1)
    }

    /// Adds a group's offsets to the transaction. Returns the failure, or nil if they were added.
    private func send(
        _ entry: Progress, _ client: KafkaHandle, _ patience: Patience
    ) throws(BrokerError) -> KafkaFailure? {
        let list = rd_kafka_topic_partition_list_new(Int32(entry.list.count))
        // Copied by the call below.
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (partition, offset) in entry.list {
            let place = rd_kafka_topic_partition_list_add(
                list, partition.topic.name, Int32(partition.partition))
            place?.pointee.offset = offset.next.value
            // The list frees it.
            place?.pointee.metadata = UnsafeMutableRawPointer(strdup(offset.metadata))
            place?.pointee.metadata_size = offset.metadata.utf8.count
        }
        guard let member = try member(entry) else {
            throw BrokerError(.stop, "What proves membership of group \(entry.group) cannot be read.")
        }
        defer { rd_kafka_consumer_group_metadata_destroy(member) }
        while true {
            let answer = rd_kafka_send_offsets_to_transaction(client.raw, list, member, patience.milliseconds())
            guard let failure = KafkaFailure(taking: answer) else { return nil }
            if failure.isRetriable, !patience.isOver { continue }
            return failure
        }
    }

    private func member(_ entry: Progress) throws(BrokerError) -> OpaquePointer? {
        guard let assignment = entry.assignment else {
            return rd_kafka_consumer_group_metadata_new(entry.group.name)
        }
        var member: OpaquePointer?
        let failure = assignment.proof.withUnsafeBytes { bytes in
            KafkaFailure(
                taking: rd_kafka_consumer_group_metadata_read(&member, bytes.baseAddress, bytes.count))
        }
        return failure == nil ? member : nil
    }

    /// Aborts after a failed end. Only an abort that the broker confirmed proves that nothing will ever be visible: the
    /// commit may have been requested already, and its answer lost.
    private func aborted(after failure: KafkaFailure) throws(BrokerError) -> CommitOutcome {
        var cause = failure.code
        var isConfirmed = false
        if failure.isFatal {
            try lose(after: failure)
        } else {
            let dropped = try drop()
            cause = dropped.failedDelivery ?? cause
            isConfirmed = dropped.isConfirmed
        }
        // A retry would end the same way for ever.
        if failure.isRefusal || cause.isRefusal {
            throw BrokerError(
                .refused, "The transaction of \(transactionalID) is refused: \(failure.reason) (\(cause.sentence)).")
        }
        if cause.isHopelessRecord {
            throw BrokerError(
                .stop, "A record of \(transactionalID) cannot be written: \(failure.reason) (\(cause.sentence)).")
        }
        if client == nil { client = try open() }
        return isConfirmed ? .aborted : .unknown
    }

    /// Aborts what is open. Returns whether the broker confirmed it, and why a record could not be written, if one was
    /// not.
    private func drop() throws(BrokerError) -> (isConfirmed: Bool, failedDelivery: rd_kafka_resp_err_t?) {
        offsets.removeAll(keepingCapacity: true)
        guard let client else { return (false, nil) }
        let patience = Patience()
        var isConfirmed = true
        while let failure = KafkaFailure(taking: rd_kafka_abort_transaction(client.raw, patience.milliseconds())) {
            if failure.isRetriable, !patience.isOver { continue }
            // The next client of this id ends the transaction.
            try lose(after: failure)
            isConfirmed = false
            break
        }
        // Delivery reports are served while polling.
        rd_kafka_poll(client.raw, 0)
        let failed = client.callbacks.takeFailedDelivery()
        if failed != nil {
            // A record that was not written leaves a gap in the sequence, at which the broker would refuse the next
            // transaction.
            self.client = nil
            forgetTopics()
        }
        return (isConfirmed, failed)
    }

    /// Drops a client that cannot be used any more. Throws if it was fenced too often, which means that another process
    /// works under the id.
    ///
    /// The library reports a transaction that the broker ended for its age just like a producer that took over, so only
    /// the age tells them apart.
    private func lose(after failure: KafkaFailure) throws(BrokerError) {
        client = nil
        forgetTopics()
        if failure.isRefusal {
            throw BrokerError(.refused, "The transaction of \(transactionalID) is refused: \(failure.reason).")
        }
        guard failure.isFenced else { return }
        let age = ContinuousClock.now - began
        guard age < timeout else { return onTimedOut(age) }
        try fencings.count("Producer \(transactionalID)")
    }
}
