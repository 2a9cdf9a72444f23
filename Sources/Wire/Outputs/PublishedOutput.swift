package import CustomerLifecycle

/// A record of `lifecycle.changes` read back, as a subscriber sees it.
package struct PublishedOutput: Equatable, Sendable {
    /// What every output says, whatever its type.
    package struct Head: Equatable, Sendable {
        /// `<generation>-<log partition>-<offset>-<ordinal>`.
        package var id: String
        package var customer: String
        /// `<log partition>-<offset>` of the record that began the customer's life.
        package var life: String
        /// When it took effect.
        package var time: Instant
        package var sequence: UInt64
        /// When its cause was appended to the log.
        package var recorded: Instant
        package var isBackfill: Bool
        package var position: LogPosition
    }

    package enum Content: Equatable, Sendable {
        case stageChange(PublishedStageChange)
        case restatement(PublishedStanding)
        case segmentChange(PublishedSegmentChange)
        case consentChange(PublishedConsentChange)
        case forgetting(PublishedForgetting)
        case action(PublishedAction)
    }

    package var head: Head
    package var content: Content
}

/// A change of stage as it was published: from what, to what, why, on which evidence.
package struct PublishedStageChange: Equatable, Sendable {
    /// Nil: the customer's first stage.
    package var previousStage: String?
    package var previousEnteredAt: Instant?
    /// Where the customer stands now.
    package var standing: PublishedStanding
    package var trigger: StageChangeOutput.Trigger
    /// The id of the change that late news corrects.
    package var corrects: String?
    package var lateBySeconds: Int64?
}

/// Where a customer stands and why, as it was published.
package struct PublishedStanding: Equatable, Sendable {
    package var stage: String
    package var enteredAt: Instant
    package var entryCount: Int64
    package var cycle: Int64
    /// `at_risk, line 21`.
    package var rule: String
    package var facts: [FactOutput]
    package var evidence: ShortList<EvidenceOutput>
    /// Of a standing that is said again.
    package var segments: [String]
    package var orders: Int64
    /// The revenue, in minor units of `currency`.
    package var revenue: Int64
    /// Also of the amounts among the facts.
    package var currency: Currency
    package var revenueBound: AmountBound

    package var reason: PublishedReason {
        PublishedReason(
            rule: rule, facts: facts, evidence: evidence, currency: currency, revenueBound: revenueBound)
    }
}

/// A segment that a customer entered or left, as it was published.
package struct PublishedSegmentChange: Equatable, Sendable {
    package var segment: String
    package var isEntered: Bool
    package var since: Instant
    package var previousSince: Instant?
    package var entryCount: Int64
    package var stage: String
    package var reason: PublishedReason
    package var trigger: StageChangeOutput.Trigger
    package var lateBySeconds: Int64?
}

/// Which rule said so, and what it found.
package struct PublishedReason: Equatable, Sendable {
    /// `at_risk, line 21`.
    package var rule: String
    package var facts: [FactOutput]
    package var evidence: ShortList<EvidenceOutput>
    /// Of the amounts among the facts.
    package var currency: Currency
    package var revenueBound: AmountBound
}

/// A consent that was mentioned for the first time, or stands where it did not, or the other way round.
package struct PublishedConsentChange: Equatable, Sendable {
    package var channel: String
    package var purpose: String
    package var isAllowed: Bool
    /// The purpose of the grant that allows it.
    package var basis: String?
    /// `granted`, `withdrawn`, `expired` or `never_granted`.
    package var why: String
}

/// What became of a step of an action, as it was published.
package struct PublishedAction: Equatable, Sendable {
    package var decision: ActionOutcome.Decision
    /// Why it is not due.
    package var why: String?
    /// `<action>/<step>/<key>`: with the customer, the same in every generation.
    package var businessKey: String
    package var action: String
    package var step: String
    /// Nil of a task, and of what the policy has not any more.
    package var channel: String?
    package var purpose: String?
    package var plannedAt: Instant
    package var expiresAt: Instant
    package var consentBasis: String?
    package var variant: String?
    package var contactsSinceLastOrder: Int64
    package var stage: String
    package var reason: PublishedReason
}

/// A visitor who was forgotten, and where it stood.
package struct PublishedForgetting: Equatable, Sendable {
    package var previousStage: String
    package var enteredAt: Instant
    package var lastEventAt: Instant
}

/// Why a record cannot be read as the output that it says it is.
package struct UnreadableOutput: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static func header(_ name: StaticString, _ found: String) -> Self {
        Self(found.isEmpty ? "it has no header \(name)" : "its header \(name) is `\(found.prefix(80))`")
    }

    static func member(_ name: StaticString) -> Self { Self("its value has no \(name) of the kind it should have") }
}

/// The headers of a record that outputs are known by, gathered one by one.
package struct OutputHeaders: Sendable {
    private(set) var id = ""
    private(set) var type: [UInt8] = []
    private(set) var subject = ""
    private(set) var partitionKey = ""
    private(set) var life = ""
    private(set) var time = ""
    private(set) var sequence = ""
    private(set) var recorded = ""
    private(set) var replayMode = ""

    package init() {}

    package mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        guard let value else { return }
        switch String(decoding: name, as: UTF8.self) {
        case "ce_id": id = Self.text(value)
        case "ce_type": type = Array(value)
        case "ce_subject": subject = Self.text(value)
        case "ce_partitionkey": partitionKey = Self.text(value)
        case "ce_life": life = Self.text(value)
        case "ce_time": time = Self.text(value)
        case "ce_sequence": sequence = Self.text(value)
        case "ce_recordedtime": recorded = Self.text(value)
        case "ce_replaymode": replayMode = Self.text(value)
        default: break
        }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What they say of an output, whose key is the customer.
    func head(key: UnsafeRawBufferPointer?) throws(UnreadableOutput) -> PublishedOutput.Head {
        let customer = key.map(Self.text) ?? ""
        guard let position = LogPosition(eventID: id) else { throw .header("ce_id", id) }
        guard let time = TimeText.parse(time) else { throw .header("ce_time", time) }
        guard let sequence = UInt64(sequence) else { throw .header("ce_sequence", sequence) }
        guard let recorded = TimeText.parse(recorded) else { throw .header("ce_recordedtime", recorded) }
        guard ["live", "backfill"].contains(replayMode) else { throw .header("ce_replaymode", replayMode) }
        guard !customer.isEmpty, customer == subject, customer == partitionKey else {
            throw UnreadableOutput("its key, ce_subject and ce_partitionkey do not name one customer")
        }
        return PublishedOutput.Head(
            id: id, customer: customer, life: life, time: time, sequence: sequence, recorded: recorded,
            isBackfill: replayMode == "backfill", position: position)
    }
}

extension LogPosition {
    /// Reads `<generation>-<log partition>-<offset>-<ordinal>`; fails for anything else.
    init?(eventID: String) {
        let parts = eventID.split(separator: "-")
        guard parts.count == 4, let partition = Int(parts[1]), let offset = Int64(parts[2]),
            let ordinal = Int(parts[3])
        else { return nil }
        self.init(partition: partition, offset: offset, ordinal: ordinal)
    }
}
