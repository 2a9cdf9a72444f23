/// A setting for librdkafka, as its own documentation spells it.
struct KafkaSetting: Equatable, Sendable {
    let key: String
    let value: String

    /// What exactly-once stands on: these are not the user's to set.
    private static let reserved = [
        "isolation.level": "readers must not see what a transaction has not committed",
        "enable.auto.commit": "offsets are committed in the transaction of what was made of the records",
        "enable.auto.offset.store": "offsets are committed in the transaction of what was made of the records",
        "auto.offset.reset": "a missing offset means lost, and must stop the processor",
        "transactional.id": "a restart must end the transaction that its predecessor left open",
        "group.id": "it follows from --prefix, and the log's topics remember it",
        "group.instance.id": "a restart must get its partitions back at once; the state directory keeps it",
        "partition.assignment.strategy": "all members of the groups must divide partitions the same way",
        "enable.idempotence": "transactions need it",
        "acks": "transactions need all of them",
    ]

    /// Why nobody may set it; nil where anyone may.
    var refusal: String? {
        Self.reserved[key].map { "--kafka \(key) cannot be set, because exactly-once stands on it: \($0)" }
    }
}

extension Format<KafkaSetting> {
    static let kafkaSetting = Self("KEY=VALUE", expected: "a setting and its value, such as client.rack=a") { text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" ") else { return nil }
        return KafkaSetting(key: parts[0], value: parts[1])
    }
}

extension Format<String> {
    /// What Kafka allows in a topic's name, and short enough that the longest of ours still fits.
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
