import Brokers
import CustomerLifecycle
import Kafka
import Processor
import Wire

/// What every command that works on Kafka can be told.
enum BrokerParameters {
    static let brokers = Parameter.required(
        "brokers", Format<String>.text.named("HOST:PORT,…"), help: "the Kafka to work on")
    static let prefix = Parameter.optional(
        "prefix", Format<String>.text.named("PREFIX"),
        help: "before the names of our topics and groups: one for each shop of a cluster")
    static let kafka = Parameter.repeated(
        "kafka", Format<KafkaEntry>.entry, help: "any setting of librdkafka, such as security.protocol=ssl")
    static let currency = Parameter.optional(
        "currency", Format<Currency>.code, help: "of amounts without one; the policy's if not said")

    static func settings(_ settings: Settings) throws(ProcessorError) -> KafkaSettings {
        do throws(BrokerError) {
            return try KafkaSettings(
                brokers: settings[brokers], extra: settings[kafka].map { ($0.key, $0.value) })
        } catch {
            throw ProcessorError(.usage, error.description)
        }
    }
}

/// `security.protocol=ssl`.
struct KafkaEntry: Sendable {
    let key: String
    let value: String
}

extension Format<KafkaEntry> {
    static let entry = Self("KEY=VALUE", expected: "a setting and its value, such as security.protocol=ssl") { text in
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
        return KafkaEntry(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}

extension Format<Currency> {
    static let code = Self("CODE", expected: "an ISO 4217 code such as EUR") { text in
        Currency(text.utf8).flatMap { KnownCurrencies().digits(of: $0) == nil ? nil : $0 }
    }
}
