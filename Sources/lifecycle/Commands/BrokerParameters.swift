import Brokers
import CommandLine
import Kafka
import Processor

/// The parameters of every command that works on Kafka.
enum BrokerParameters {
    static let brokers = Parameter.required(
        "brokers", Format<String>.text.named("HOST:PORT,…"), help: "the Kafka to work on")
    static let prefix = Parameter.optional(
        "prefix", Format<String>.topicPrefix,
        help: "before the names of our topics and groups: one for each shop of a cluster")
    static let kafka = Parameter.repeated(
        "kafka", Format<KafkaEntry>.entry, help: "any setting of librdkafka, such as security.protocol=ssl")

    static func settings(_ settings: Settings) throws(ProcessorError) -> KafkaSettings {
        try kafkaSettings(brokers: settings[brokers], settings[kafka])
    }

    static func kafkaSettings(brokers: String, _ entries: [KafkaEntry]) throws(ProcessorError) -> KafkaSettings {
        do throws(BrokerError) {
            return try KafkaSettings(brokers: brokers, extra: entries.map { ($0.key, $0.value) })
        } catch {
            throw ProcessorError(.usage, error.description)
        }
    }
}

/// A setting of librdkafka, such as `security.protocol=ssl`.
struct KafkaEntry: Equatable, Sendable {
    let key: String
    let value: String
}

extension Format<KafkaEntry> {
    static let entry = Self("KEY=VALUE", expected: "a setting and its value, such as security.protocol=ssl") { text in
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
        return KafkaEntry(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}

extension Format<String> {
    /// Reads what Kafka allows in a topic's name, short enough that the longest of our names still fits behind it.
    static let topicPrefix = Self(
        "PREFIX", expected: "at most 200 letters, digits, dots, underscores and hyphens, such as shop1."
    ) { text in
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isAllowed && (1...200).contains(text.utf8.count) ? text : nil
    }
}
