/// What every output has, of whatever type it is: about whom it is, when, and where in the log its cause stands.
package struct OutputHead: Equatable, Sendable {
    /// The subject's bytes in the outcome.
    let subject: Range<Int>
    /// Gap-free from 1 per customer, life and generation, over all types.
    package let sequence: UInt64
    /// The offset of the record that began the customer's life.
    package let life: Int64
    /// The instant it was judged at: the review's due instant, else the subject's time.
    package let time: Instant
    package let position: OutputPosition
    /// Published while the subject was behind: `replaymode: backfill`.
    package let isBackfill: Bool
}

/// What is published of a customer, a type of output a case. Small, so that a rebuild with output off stays cheap: what
/// a reader wants besides is in the `ChangeDescription` beside it, made only where something is published.
package enum Output: Equatable, Sendable {
    case stageChange(StageChange)
    case restatement(Restatement)
    case segmentChange(SegmentChange)
    case consentChange(PublishedConsent)
    case forgetting(Forgetting)
    case action(ActionOutcome)

    package var type: OutputType {
        switch self {
        case .stageChange: .stageChange
        case .restatement: .restatement
        case .segmentChange: .segmentChange
        case .consentChange: .consentChange
        case .forgetting: .forgetting
        case .action(let outcome):
            switch outcome.decision {
            case .due: .actionDue
            case .cancelled: .actionCancelled
            case .suppressed: .actionSuppressed
            }
        }
    }

    /// What brought a change of stage or segment; nil of any other output.
    package var trigger: StageChange.Trigger? {
        switch self {
        case .stageChange(let change): change.trigger
        case .segmentChange(let change): change.trigger
        case .restatement, .consentChange, .forgetting, .action: nil
        }
    }

    /// What was decided, in one word.
    fileprivate var decision: UInt64 {
        switch self {
        case .stageChange(let change):
            UInt64(bitPattern: Int64(change.from ?? -1)) << 32 | UInt64(change.to) << 16 | UInt64(change.rule)
        case .restatement(let standing):
            UInt64(standing.entryCount) << 32 | UInt64(standing.stage) << 16 | UInt64(standing.rule)
        case .segmentChange(let change):
            UInt64(change.entryCount) << 32 | UInt64(change.segment) << 1 | (change.isEntered ? 1 : 0)
        case .consentChange(let consent):
            consent.purpose << 8 | UInt64(consent.channel.rawValue) << 4 | UInt64(consent.state.rawValue)
        case .forgetting(let forgetting):
            UInt64(forgetting.stage)
        case .action(let outcome):
            outcome.key ^ UInt64(outcome.action) << 32 ^ UInt64(outcome.step) << 16
                ^ UInt64(outcome.reason?.rawValue ?? 0)
        }
    }
}

/// The types of output that there are. Each has its number in the output chain, for good.
package enum OutputType: UInt8, CaseIterable, Sendable {
    case stageChange = 1
    case restatement = 2
    case consentChange = 3
    case forgetting = 4
    case segmentChange = 5
    case actionDue = 6
    case actionCancelled = 7
    case actionSuppressed = 8

    /// What became of a step of an action; nil of another output.
    package var outcomeOfAction: ActionOutcome.Decision? {
        switch self {
        case .actionDue: .due
        case .actionCancelled: .cancelled
        case .actionSuppressed: .suppressed
        case .stageChange, .restatement, .consentChange, .forgetting, .segmentChange: nil
        }
    }
}

/// An output as the output chain takes it, before it is encoded: beside its subject, all that two folds of one log must
/// agree on.
package struct PackedOutput: Sendable {
    package let type: OutputType
    package let sequence: UInt64
    package let decision: UInt64
    package let time: Instant
    package let ordinal: Int
}

/// Where an output was published: part of its id.
package struct OutputPosition: Hashable, Sendable {
    /// The offset of the causing record in the log.
    package let offset: Int64
    /// Among the record's outputs, from 0.
    package let ordinal: Int

    package init(offset: Int64, ordinal: Int) {
        self.offset = offset
        self.ordinal = ordinal
    }
}

/// What the folding of one record, or of several, gave: outputs in the order they were published.
package struct Outcome: Sendable {
    private struct Entry: Sendable {
        var head: OutputHead
        var output: Output
        /// Made where descriptions are asked for, and filled again: most folds ask for none, and it is large.
        var description: Description?
    }

    /// Written only while one outcome alone refers to it, so that a copy keeps what it has: what makes the `@unchecked`
    /// safe.
    private final class Description: @unchecked Sendable {
        var value = ChangeDescription()
    }

    /// The first `count`; what follows them is left over: the memory of its descriptions is filled again.
    private var entries: [Entry] = []
    package private(set) var count = 0
    /// Bytes of the outputs' subjects, one after the other; the first `subjectsCount`, what follows them is left over.
    private var subjects: [UInt8] = []
    private var subjectsCount = 0
    package let describes: Bool
    /// The ordinal that the next output of the record under way gets.
    private(set) var ordinal = 0

    package init(describes: Bool) { self.describes = describes }

    package var isEmpty: Bool { count == 0 }

    package mutating func removeAll() {
        count = 0
        subjectsCount = 0
    }

    mutating func beginRecord(ordinal: Int = 0) { self.ordinal = ordinal }

    mutating func append(subject: UnsafeRawBufferPointer) -> Range<Int> {
        let place = subjectsCount..<subjectsCount + subject.count
        if subjects.count < place.upperBound {
            subjects.append(contentsOf: repeatElement(0, count: place.upperBound * 2 - subjects.count))
        }
        subjects.withUnsafeMutableBytes { $0[place].copyBytes(from: subject) }
        subjectsCount = place.upperBound
        return place
    }

    @inline(__always) mutating func append(_ output: Output, _ head: OutputHead) {
        if count == entries.count { entries.append(Entry(head: head, output: output)) }
        entries[count].head = head
        entries[count].output = output
        count += 1
        ordinal += 1
    }

    /// Has the output that was appended last described.
    mutating func describe(_ body: (inout ChangeDescription) -> Void) {
        if !isKnownUniquelyReferenced(&entries[count - 1].description) {
            entries[count - 1].description = Description()
        }
        if let description = entries[count - 1].description { body(&description.value) }
    }

    /// Lends each output in turn, packed, with the bytes of its subject.
    package func lendEachPacked(_ body: (PackedOutput, _ subject: UnsafeRawBufferPointer) -> Void) {
        guard count > 0 else { return }
        subjects.withUnsafeBytes { subjects in
            for place in 0..<count {
                let packed = PackedOutput(
                    type: entries[place].output.type, sequence: entries[place].head.sequence,
                    decision: entries[place].output.decision, time: entries[place].head.time,
                    ordinal: entries[place].head.position.ordinal)
                body(packed, UnsafeRawBufferPointer(rebasing: subjects[entries[place].head.subject]))
            }
        }
    }

    /// Lends each output in turn.
    package func lendEach(_ body: (OutputHead, Output) -> Void) {
        for place in 0..<count { body(entries[place].head, entries[place].output) }
    }

    /// Lends each output in turn, with what describes it and with the bytes of its subject.
    package func lendEachDescribed<Failure: Error>(
        _ body: (OutputHead, Output, ChangeDescription, _ subject: UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(describes, "Nothing was described.")
        try subjects.withUnsafeBufferPointer { subjects throws(Failure) in
            for place in 0..<count {
                guard let description = entries[place].description else {
                    preconditionFailure("Each output is described as it is appended.")
                }
                let head = entries[place].head
                let subject = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: subjects[head.subject]))
                try body(head, entries[place].output, description.value, subject)
            }
        }
    }
}
