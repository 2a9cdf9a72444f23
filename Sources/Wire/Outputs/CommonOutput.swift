package import CustomerLifecycle

/// Which policy said so: its name, its adoption number, and the SHA-256 of its file in hex.
package struct PolicyReference: Equatable, Sendable {
    package var name: String
    package var version: Int
    package var hash: String

    package init(name: String, version: Int, hash: String) {
        self.name = name
        self.version = version
        self.hash = hash
    }

    func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("version", version)
        json.member("hash", hash)
    }
}

/// Where time alone will lead, if nothing happens before.
package struct ForecastOutput: Equatable, Sendable {
    package var nextStage: String
    package var at: Instant

    package init(nextStage: String, at: Instant) {
        self.nextStage = nextStage
        self.at = at
    }

    func write(to json: inout JSONWriter) {
        json.member("next_stage", nextStage)
        json.member("at", at)
    }
}

/// A thing of the shop's that a rule counted: an order, a complaint…
package struct EvidenceOutput: Equatable, Sendable {
    package var kind: String
    package var id: String

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", kind)
        json.member("id", id)
        json.endObject()
    }
}

/// What the number behind a fact counts, as outputs name it.
package enum FactUnit: String, Sendable {
    case count
    case duration = "milliseconds"
    case money = "minor_units"
    case score = "thousandths"
    case instant, flag
}

/// What a fact is worth, in the unit that a reader can compute with.
package enum FactOutputValue: Equatable, Sendable {
    case count(Int64)
    case duration(Milliseconds)
    case money(minorUnits: Int64)
    case score(thousandths: Int64)
    case instant(Instant)
    case flag(Bool)
    case label(String)

    package init(_ number: Int64, _ unit: FactUnit) {
        switch unit {
        case .count: self = .count(number)
        case .duration: self = .duration(Milliseconds(number))
        case .money: self = .money(minorUnits: number)
        case .score: self = .score(thousandths: number)
        case .instant: self = .instant(Instant(milliseconds: number))
        case .flag: self = .flag(number != 0)
        }
    }

    /// The `unit` beside the value.
    var unit: String {
        switch self {
        case .count: FactUnit.count.rawValue
        case .duration: FactUnit.duration.rawValue
        case .money: FactUnit.money.rawValue
        case .score: FactUnit.score.rawValue
        case .instant: FactUnit.instant.rawValue
        case .flag: FactUnit.flag.rawValue
        case .label: "label"
        }
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .count(let number), .money(let number), .score(let number): json.value(number)
        case .duration(let duration): json.value(duration.count)
        case .instant(let instant): json.value(instant)
        case .flag(let flag): json.value(flag)
        case .label(let label): json.value(label)
        }
    }
}

/// One comparison of a rule: the fact's value then, and what it was compared with. A nil value is unknown.
package struct FactOutput: Equatable, Sendable {
    package var name: String
    package var value: FactOutputValue?
    package var threshold: FactOutputValue?

    package init(name: String, value: FactOutputValue?, threshold: FactOutputValue?) {
        self.name = name
        self.value = value
        self.threshold = threshold
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("name", name)
        json.name("value")
        if let value { value.write(to: &json) } else { json.null() }
        json.name("threshold")
        if let threshold { threshold.write(to: &json) } else { json.null() }
        json.member("unit", (value ?? threshold)?.unit)
    }
}

/// Where the causing record stands in `lifecycle.log`, and which of its outputs this is.
package struct LogPosition: Hashable, Sendable {
    package var partition: Int
    package var offset: Int64
    package var ordinal: Int

    package init(partition: Int, offset: Int64, ordinal: Int) {
        self.partition = partition
        self.offset = offset
        self.ordinal = ordinal
    }

    package init(partition: Int, _ position: OutputPosition) {
        self.init(partition: partition, offset: position.offset, ordinal: position.ordinal)
    }
}

extension JSONWriter {
    mutating func forecast(_ forecast: ForecastOutput?) {
        name("forecast")
        guard let forecast else { return null() }
        beginObject()
        forecast.write(to: &self)
        endObject()
    }
}

extension Channel {
    /// As policies and outputs spell it.
    package var word: String {
        switch self {
        case .email: "email"
        case .sms: "sms"
        case .push: "push"
        case .post: "post"
        }
    }
}

extension ChangeDescription.EvidenceKind {
    /// As outputs spell it.
    package var word: String {
        switch self {
        case .order: "order"
        case .complaint: "complaint"
        case .review: "review"
        }
    }
}

extension AmountBound {
    /// Outputs of earlier builds do not say it, and pass for exact.
    init(word: String?) { self = Self.allCases.first { $0.word == word } ?? .exact }

    /// As outputs spell it.
    package var word: String {
        switch self {
        case .exact: "exact"
        case .atLeast: "at_least"
        case .unknown: "unknown"
        case .atMost: "at_most"
        case .about: "about"
        }
    }
}
