import Brokers
import CRdKafka
import Synchronization

/// The receiver of a client's callbacks. There is one object for each client, since the library keeps one pointer. The
/// client's handle keeps it alive until the last callback was made.
final class KafkaCallbacks: Sendable {
    let trouble: KafkaTrouble
    /// Answers rebalances. It is called within a member's poll, on the member's thread.
    private let onRebalance: (@Sendable (_ client: OpaquePointer, Rebalance) -> Void)?
    /// Why a record of the open transaction was not written: the first cause since it was last taken.
    private let failedDelivery = Mutex<rd_kafka_resp_err_t?>(nil)

    enum Rebalance {
        case assigned(Set<TopicPartition>)
        case revoked
    }

    init(
        _ trouble: KafkaTrouble, onRebalance: (@Sendable (_ client: OpaquePointer, Rebalance) -> Void)? = nil
    ) {
        self.trouble = trouble
        self.onRebalance = onRebalance
    }

    /// Registers the callbacks for logs, errors and rebalances in a configuration.
    func hear(_ configuration: OpaquePointer?) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, line in
            guard let client, let callbacks = callbacks(rd_kafka_opaque(client)), let facility, let line else { return }
            callbacks.trouble.logged(
                level: level, facility: String(cString: facility), line: String(cString: line))
        }
        rd_kafka_conf_set_error_cb(configuration) { _, code, reason, opaque in
            guard let callbacks = callbacks(opaque), let reason else { return }
            callbacks.trouble.reported(rd_kafka_resp_err_t(rawValue: code), String(cString: reason))
        }
        if onRebalance != nil {
            rd_kafka_conf_set_rebalance_cb(configuration) { client, code, list, opaque in
                guard let client, let callbacks = callbacks(opaque) else { return }
                callbacks.rebalanced(client, code, list)
            }
        }
    }

    /// Registers the callback for records that could not be written.
    func hearDeliveries(_ configuration: OpaquePointer?) {
        rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
            // This is called for every record, so a success takes no reference.
            guard let code = message?.pointee.err, code != RD_KAFKA_RESP_ERR_NO_ERROR,
                let callbacks = callbacks(opaque)
            else { return }
            // Our own abort drops records, which is no failure.
            let isPurged = [RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT].contains(code)
            guard !isPurged else { return }
            callbacks.failedDelivery.withLock { $0 = $0 ?? code }
        }
    }

    /// Returns and forgets the failure of a record; nil if none failed since the last call.
    func takeFailedDelivery() -> rd_kafka_resp_err_t? { failedDelivery.withLock { $0.take() } }

    private func rebalanced(
        _ client: OpaquePointer, _ code: rd_kafka_resp_err_t,
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        guard code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, let list else {
            onRebalance?(client, .revoked)
            return
        }
        let entries = UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt))
        onRebalance?(
            client,
            .assigned(Set(entries.map { TopicPartition(Topic(String(cString: $0.topic)), Int($0.partition)) })))
    }
}

private func callbacks(_ opaque: UnsafeMutableRawPointer?) -> KafkaCallbacks? {
    opaque.map { Unmanaged<KafkaCallbacks>.fromOpaque($0).takeUnretainedValue() }
}
