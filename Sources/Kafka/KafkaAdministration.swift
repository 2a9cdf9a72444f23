package import Brokers
import CRdKafka
import Glibc

extension KafkaBroker {
    /// Returns how many brokers of the cluster are up.
    package func brokerCount() throws(BrokerError) -> Int { try metadata(of: nil).brokerCount }

    /// Returns the offset of the first record that is not older than an instant (milliseconds since 1970); the
    /// partition's end where there is none.
    package func offset(of partition: TopicPartition, at milliseconds: Int64) throws(BrokerError) -> NextOffset {
        let found = try offset(of: partition, asked: milliseconds, "asked for the offset of an instant in")
        return found >= 0 ? NextOffset(found) : try end(of: partition)
    }

    /// Makes a topic. The brokers' default holds where `replicaCount` is nil. Returns false if a topic of this name
    /// exists already.
    package func create(
        _ topic: Topic, partitionCount: Int, replicaCount: Int?, configuration: [String: String]
    ) throws(BrokerError) -> Bool {
        var reason = [CChar](repeating: 0, count: 512)
        guard
            let wanted = rd_kafka_NewTopic_new(
                topic.name, Int32(partitionCount), replicaCount.map { Int32($0) } ?? -1, &reason, reason.count)
        else { throw BrokerError(.stop, "Topic \(topic) cannot be made: \(text(reason)).") }
        defer { rd_kafka_NewTopic_destroy(wanted) }
        for (key, value) in configuration.sorted(by: { $0.key < $1.key }) {
            rd_kafka_NewTopic_set_config(wanted, key, value)
        }
        let answer = try ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, "makes topic \(topic)") { client, options, queue in
            var topics: [OpaquePointer?] = [wanted]
            rd_kafka_CreateTopics(client, &topics, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(answer) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer), &count)
        guard count == 1, let result = results?[0] else { throw BrokerError(.stop, "No answer about topic \(topic).") }
        let code = rd_kafka_topic_result_error(result)
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return true
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return false
        default:
            let sentence = rd_kafka_topic_result_error_string(result).map { String(cString: $0) } ?? code.sentence
            throw BrokerError(code.isRefusal ? .refused : .stop, "Topic \(topic) cannot be made: \(sentence).")
        }
    }

    /// Makes a topic with `wishes`, settings that are left out if the brokers refuse them, as those of a hosted Kafka
    /// may.
    package func create(
        _ topic: Topic, partitionCount: Int, replicaCount: Int?, configuration: [String: String],
        wishes: [String: String]
    ) throws(BrokerError) -> TopicCreation {
        do throws(BrokerError) {
            let isMade = try create(
                topic, partitionCount: partitionCount, replicaCount: replicaCount,
                configuration: configuration.merging(wishes) { $1 })
            return isMade ? .made : .existed
        } catch let refusal where refusal.remedy == .stop {
            // Any other error comes again without the wishes, and is thrown then.
            let isMade = try create(
                topic, partitionCount: partitionCount, replicaCount: replicaCount, configuration: configuration)
            return isMade ? .madeWithoutWishes(because: refusal.description) : .existed
        }
    }

    /// Describes those of the topics that exist.
    package func describe(_ topics: [Topic]) throws(BrokerError) -> [TopicDescription] {
        var described: [TopicDescription] = []
        for topic in topics {
            guard let known = try metadata(of: topic).topics.first else { continue }
            var bounds: [TopicDescription.Bounds] = []
            for number in 0..<known.partitionCount {
                let partition = TopicPartition(topic, number)
                bounds.append(TopicDescription.Bounds(start: try start(of: partition), end: try end(of: partition)))
            }
            described.append(
                TopicDescription(
                    topic: topic, partitionCount: known.partitionCount, replicaCount: known.replicaCount,
                    configuration: try configuration(of: topic), bounds: bounds))
        }
        return described
    }

    private func configuration(of topic: Topic) throws(BrokerError) -> [String: String] {
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.name)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let answer = try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, "asked how \(topic) is configured") {
            client, options, queue in
            var resources: [OpaquePointer?] = [resource]
            rd_kafka_DescribeConfigs(client, &resources, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(answer) }
        var count = 0
        let resources = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(answer), &count)
        guard count == 1, let found = resources?[0] else {
            throw BrokerError(.stop, "No answer about the configuration of \(topic).")
        }
        let code = rd_kafka_ConfigResource_error(found)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let sentence = rd_kafka_ConfigResource_error_string(found).map { String(cString: $0) } ?? code.sentence
            throw BrokerError(
                code.isRefusal ? .refused : .stop, "The configuration of \(topic) cannot be read: \(sentence).")
        }
        var entryCount = 0
        let entries = rd_kafka_ConfigResource_configs(found, &entryCount)
        var configuration: [String: String] = [:]
        for index in 0..<entryCount {
            guard let entry = entries?[index], let name = rd_kafka_ConfigEntry_name(entry) else { continue }
            configuration[String(cString: name)] = rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) }
        }
        return configuration
    }

    /// How long a cluster may take for an administrative request.
    private static let changeMilliseconds: Int32 = 15_000

    /// Makes a request and returns its answer, which the caller frees.
    private func ask(
        _ kind: rd_kafka_admin_op_t, _ action: String,
        _ request: (_ client: OpaquePointer, _ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void
    ) throws(BrokerError) -> OpaquePointer {
        let patience = Patience()
        while true {
            let options = rd_kafka_AdminOptions_new(question.raw, kind)
            defer { rd_kafka_AdminOptions_destroy(options) }
            Self.limit(options, to: Self.changeMilliseconds)
            let queue = rd_kafka_queue_new(question.raw)
            defer { rd_kafka_queue_destroy(queue) }
            request(question.raw, options, queue)
            let milliseconds = patience.milliseconds(atMost: Int(Self.changeMilliseconds))
            guard let answer = rd_kafka_queue_poll(queue, milliseconds) else {
                try giveUp(RD_KAFKA_RESP_ERR__TIMED_OUT, patience, action)
                continue
            }
            let code = rd_kafka_event_error(answer)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return answer }
            rd_kafka_event_destroy(answer)
            try giveUp(code, patience, action)
        }
    }
}

/// The outcome of making a topic.
package enum TopicCreation: Equatable, Sendable {
    case made
    case existed
    /// The topic was made without the wishes, which the brokers refused.
    case madeWithoutWishes(because: String)
}
