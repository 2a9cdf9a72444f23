import Brokers
import CRdKafka

/// The error of a librdkafka call, reduced to what the caller can do about it.
struct KafkaFailure: Error {
    let code: rd_kafka_resp_err_t
    let reason: String
    let isRetriable: Bool
    let isAbortable: Bool
    let isFatal: Bool

    /// Frees the error; nil where `error` is nil.
    init?(taking error: OpaquePointer?) {
        guard let error else { return nil }
        code = rd_kafka_error_code(error)
        reason = String(cString: rd_kafka_error_string(error))
        isRetriable = rd_kafka_error_is_retriable(error) != 0
        isAbortable = rd_kafka_error_txn_requires_abort(error) != 0
        isFatal = rd_kafka_error_is_fatal(error) != 0
        rd_kafka_error_destroy(error)
    }

    /// Whether authentication or authorisation failed, which no retry mends.
    var isRefusal: Bool { code.isRefusal }

    /// Whether another producer has this id now, or the coordinator gave up on the transaction.
    var isFenced: Bool {
        [
            RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
            RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING,
        ].contains(code)
    }
}

extension rd_kafka_resp_err_t {
    var name: String { String(cString: rd_kafka_err2name(self)) }
    var sentence: String { String(cString: rd_kafka_err2str(self)) }

    var isRefusal: Bool {
        [
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
        ].contains(self)
    }

    /// Whether the topic will never take the record.
    var isHopelessRecord: Bool {
        [
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
            RD_KAFKA_RESP_ERR_INVALID_RECORD,
        ].contains(self)
    }

    /// Whether the same request may succeed soon, as while a partition moves or a coordinator loads.
    var isPassing: Bool {
        [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
        ].contains(self)
    }
}

/// Counts how often the broker fenced a client of ours. Once means little: coordinators that gave up on us or were
/// killed cause it too. Three times in a minute mean that another process works under the same name.
struct Fencings {
    private static let countMax = 3
    private static let window = Duration.seconds(60)
    private var instants: [ContinuousClock.Instant] = []

    /// Counts one more. Throws if there were too many in the last minute.
    mutating func count(_ who: String) throws(BrokerError) {
        let now = ContinuousClock.now
        instants = instants.filter { now - $0 < Self.window } + [now]
        guard instants.count < Self.countMax else {
            throw BrokerError(
                .fenced,
                "\(who) was fenced \(instants.count) times in a minute: another process has its name. Each instance "
                    + "needs a state directory of its own.")
        }
    }
}

/// For how long a call may be retried.
struct Patience {
    private let start = ContinuousClock.now
    private let limit: Duration

    static let call = Duration.seconds(30)
    /// The limit for a new client that decides a transaction: a broker may be starting.
    static let decision = Duration.seconds(60)
    private static let least = Duration.milliseconds(50)
    /// The limit while a broker never let us in: it may be starting, or waiting for the broker that knows the
    /// credentials.
    static let refusal = Duration.seconds(10)

    init(_ limit: Duration = Patience.call) { self.limit = limit }

    var spent: Duration { .now - start }
    /// Whether the time is over. The library's time-outs come a little early, so a rest below 50 ms counts as none.
    var isOver: Bool { limit - spent < Self.least }

    /// Returns the time left, at most `bound` and at least 50 ms, since 0 would mean something else to the library.
    func milliseconds(atMost bound: Int = 30_000) -> Int32 {
        let left = max(limit - spent, Self.least) / .milliseconds(1)
        return Int32(min(left, Double(bound)))
    }
}
