import Testing
import Wire

@testable import CustomerLifecycle

extension Instant {
    /// Returns the midnight of a day. Day 0 is arbitrary.
    static func day(_ day: Int64, plus milliseconds: Int64 = 0) -> Instant {
        Instant(milliseconds: 1_600_000_000_000) + .days(day) + Milliseconds(milliseconds)
    }
}

/// A change with its subject as text, so that changes can be compared.
struct Published: Equatable {
    var subject: String
    var sequence: UInt64
    var life: Int64
    var from: String?
    var to: String
    var rule: Int
    var time: Instant
    var previousSince: Instant?
    var previous: OutputPosition?
    var position: OutputPosition
    var entryCount: UInt32
    var trigger: StageChange.Trigger
    var lateBy: Milliseconds?
    var isBackfill: Bool
    var description: ChangeDescription?

    /// The same change as it would be in another log.
    var withoutPositions: Published {
        var copy = self
        copy.previous = nil
        copy.life = 0
        copy.position = OutputPosition(offset: 0, ordinal: 0)
        return copy
    }

    var move: Move { Move(subject: subject, from: from, to: to, time: time) }
}

/// A standing that was said again.
struct Restated: Equatable {
    var subject: String
    var sequence: UInt64
    var stage: String
    var since: Instant
    var entryCount: UInt32
}

/// What was told of a consent, or of a visitor who is forgotten.
struct Notice: Equatable {
    var subject: String
    var sequence: UInt64
    var life: Int64
    var time: Instant
    var position: OutputPosition
    var text: String
}

/// A change as the given/when/then tests state it.
struct Move: Equatable, CustomStringConvertible {
    var subject: String
    var from: String?
    var to: String
    var time: Instant

    static func move(
        _ from: String?, _ to: String, on day: Int64, plus milliseconds: Int64 = 0, of subject: String = "u:ada"
    )
        -> Move
    {
        Move(subject: subject, from: from, to: to, time: .day(day, plus: milliseconds))
    }

    var description: String {
        let since = time - .day(0)
        return "\(subject) \(from ?? "none")→\(to) on \(since.count / 86_400_000)d+\(since.count % 86_400_000)ms"
    }
}

/// Returns FNV-1a, mixed so that its high half (the table's tag) is good.
func hash(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
}

/// A partition and the log it folds, for tests of the form given, when, then.
struct Scenario: ~Copyable {
    var partition: Partition
    /// What was published, in order, without abandoned turns.
    private(set) var published: [Published] = []
    /// The same of standings that were said again.
    private(set) var restated: [Restated] = []
    /// The same of consents and of who was forgotten.
    private(set) var notices: [Notice] = []
    /// The offset that the next record gets.
    private(set) var nextOffset: Int64 = 0
    /// A mask that keeps only some bits of the hash, so that tags collide.
    private let hashMask: UInt64
    private var outcome = Outcome(describes: true)
    /// The state before each turn that is not committed: the closed one, and the open one.
    private var beforeTurns: [(publishedCount: Int, restatedCount: Int, noticeCount: Int, offset: Int64)] = []

    init(_ policy: Policy, hashMask: UInt64 = .max) {
        partition = Partition(policy: policy)
        self.hashMask = hashMask
    }

    // MARK: Given

    mutating func happens(
        _ kind: StorefrontEvent.Kind, on day: Int64, plus milliseconds: Int64 = 0, of subject: String = "u:ada",
        consents: [ConsentChange] = [], received: Instant? = nil, appended: Instant = .day(100_000),
        isBackfill: Bool = false, statement: Statement = .none
    ) {
        let claimed = Instant.day(day, plus: milliseconds)
        // On the wire it is a hash of the message id and the value; here every record is another message.
        var event = StorefrontEvent(
            claimed: claimed, received: received ?? claimed, tieBreaker: UInt64(nextOffset), kind: kind,
            consents: consents)
        event.statement = statement
        fold(.event(event, subject, isBackfill: isBackfill), appended: appended)
    }

    mutating func orders(_ id: String, on day: Int64, plus milliseconds: Int64 = 0, of subject: String = "u:ada") {
        happens(.completed(id), on: day, plus: milliseconds, of: subject)
    }

    mutating func timePasses(until day: Int64, plus milliseconds: Int64 = 0) {
        fold(.tick(.day(day, plus: milliseconds)), appended: .day(100_000))
    }

    mutating func catchesUp(at day: Int64, plus milliseconds: Int64 = 0) {
        fold(.caughtUp(.day(day, plus: milliseconds)), appended: .day(100_000))
    }

    mutating func isLinked(_ subject: String, to user: String, on day: Int64) {
        let link = IdentityLink(claimed: .day(day), tieBreaker: UInt64(nextOffset), user: Array(user.utf8))
        fold(.link(link, subject), appended: .day(100_000))
    }

    // MARK: When

    mutating func fold(_ entry: LogEntry, appended: Instant) {
        outcome.removeAll()
        switch entry {
        case .event(var event, let subject, let isBackfill):
            let record = RecordContext(offset: nextOffset, appended: appended, isBackfill: isBackfill)
            withBytes(of: subject) { scenario, bytes, hash in
                scenario.partition.fold(&event, of: bytes, hash: hash, in: record, into: &scenario.outcome)
            }
        case .link(let link, let subject):
            let record = RecordContext(offset: nextOffset, appended: appended)
            withBytes(of: subject) { scenario, bytes, hash in
                scenario.partition.fold(link, of: bytes, hash: hash, in: record)
            }
        case .tick(let instant):
            partition.tick(at: instant, in: RecordContext(offset: nextOffset, appended: appended), into: &outcome)
        case .caughtUp(let instant):
            partition.caughtUp(at: instant, in: RecordContext(offset: nextOffset, appended: appended), into: &outcome)
        }
        nextOffset += 1
        keepPublished()
    }

    /// Begins a record that moves time; `proceed` folds it.
    mutating func begin(_ entry: LogEntry, appended: Instant) {
        switch entry {
        case .tick(let instant):
            partition.beginTick(at: instant, in: RecordContext(offset: nextOffset, appended: appended))
        case .caughtUp(let instant):
            partition.beginCaughtUp(at: instant, in: RecordContext(offset: nextOffset, appended: appended))
        case .event, .link: preconditionFailure("Only a record that moves time is folded in slices.")
        }
    }

    /// Goes on with the record that moves time. Returns whether it is done.
    mutating func proceed(outputCountMax: Int) -> Bool {
        outcome.removeAll()
        let isDone = partition.proceed(outputCountMax: outputCountMax, into: &outcome)
        if isDone { nextOffset += 1 }
        keepPublished()
        return isDone
    }

    mutating func beginTurn() {
        partition.beginTurn()
        beforeTurns.append((published.count, restated.count, notices.count, nextOffset))
    }

    mutating func abandonTurns() {
        partition.abandonTurns()
        guard let before = beforeTurns.first else { return }
        published.removeLast(published.count - before.publishedCount)
        restated.removeLast(restated.count - before.restatedCount)
        notices.removeLast(notices.count - before.noticeCount)
        nextOffset = before.offset
        beforeTurns = []
    }

    /// Commits the closed turn, or where there is none the open one.
    mutating func commitTurn() {
        partition.commitTurn()
        beforeTurns.removeFirst()
    }

    /// Replaces the partition by one that was filled from its checkpoint.
    mutating func recoversFromCheckpoint() {
        let picture = picture
        let progress = picture.progress.withUnsafeBytes { bytes in
            var reader = PackedReader(bytes)
            return Progress(unpacking: &reader)
        }
        partition = Partition(policy: partition.policy, progress: progress, subjectCount: picture.subjects.count)
        for subject in picture.subjects { add(subject) }
    }

    /// Adds a subject, as from a checkpoint.
    mutating func add(_ subject: SubjectPicture) {
        withBytes(of: subject.name) { scenario, bytes, hash in
            subject.packed.withUnsafeBytes { packed in
                var reader = PackedReader(packed)
                scenario.partition.add(bytes, hash: hash, unpacking: &reader)
                #expect(reader.isAtEnd)
            }
        }
    }

    private mutating func keepPublished() {
        let names = partition.progress.stageNames
        outcome.lendEachDescribed { head, output, description, subject in
            switch output {
            case .restatement(let standing):
                restated.append(
                    Restated(
                        subject: String(decoding: subject, as: UTF8.self), sequence: head.sequence,
                        stage: names[standing.stage], since: standing.since, entryCount: standing.entryCount))
            case .stageChange(let change):
                published.append(
                    Published(
                        subject: String(decoding: subject, as: UTF8.self), sequence: head.sequence,
                        life: head.life, from: change.from.map { names[$0] }, to: names[change.to],
                        rule: change.rule, time: head.time, previousSince: change.previousSince,
                        previous: change.previous, position: head.position, entryCount: change.entryCount,
                        trigger: change.trigger, lateBy: change.lateBy,
                        isBackfill: head.isBackfill, description: description))
            case .segmentChange(let change):
                let name = partition.progress.segments[change.segment].name
                let late = change.lateBy.map { ", late by \($0.count)" } ?? ""
                note(
                    head, subject,
                    "\(change.isEntered ? "enters" : "leaves") \(name), \(change.trigger), entry \(change.entryCount)"
                        + late)
            case .consentChange(let consent):
                let purpose = description.consent?.purpose.text ?? "-"
                note(head, subject, "\(consent.channel) \(purpose) \(consent.state)")
            case .action(let outcome):
                let key = description.action?.businessKey ?? "-"
                let reason = outcome.reason.map { " \($0.word)" } ?? ""
                note(head, subject, "\(key) \(outcome.decision.word)\(reason)")
            case .forgetting(let forgetting):
                note(head, subject, "forgotten as \(names[forgetting.stage]), silent since \(forgetting.lastEvent)")
            }
        }
    }

    private mutating func note(_ head: OutputHead, _ subject: UnsafeRawBufferPointer, _ text: String) {
        notices.append(
            Notice(
                subject: String(decoding: subject, as: UTF8.self), sequence: head.sequence, life: head.life,
                time: head.time, position: head.position, text: text))
    }

    private mutating func withBytes(
        of subject: String, _ body: (inout Scenario, UnsafeRawBufferPointer, UInt64) -> Void
    ) {
        let bytes = Array(subject.utf8)
        bytes.withUnsafeBytes { body(&self, $0, hash(of: $0) & hashMask) }
    }

    // MARK: Then

    var moves: [Move] { published.map(\.move) }

    func moves(of subject: String) -> [Move] { moves.filter { $0.subject == subject } }

    /// Returns facts and said of a subject; nil if it is not known.
    func subject(_ subject: String) -> (facts: Facts, said: Said, lent: SubjectPicture)? {
        let bytes = Array(subject.utf8)
        return bytes.withUnsafeBytes { bytes in
            partition.withSubject(bytes, hash: hash(of: bytes) & hashMask) { lent in
                var facts = Facts()
                var said = Said()
                lent.read(into: &facts, &said)
                return (facts, said, SubjectPicture(lent))
            }
        }
    }

    /// Returns the value of a fact of a subject now, as a policy reads it.
    func value(of fact: Fact, of name: String = "u:ada") -> Int64? {
        guard let facts = subject(name)?.facts else { return nil }
        return Judge(facts, under: partition.policy).value(of: fact)
    }

    func stage(of name: String = "u:ada") -> String? {
        guard let said = subject(name)?.said, !said.isSilent else { return nil }
        return partition.progress.stageNames[said.stage]
    }

    /// The whole partition, byte for byte, in the order of the subjects.
    var picture: Picture {
        var subjects: [SubjectPicture] = []
        partition.lendEachSubject { subjects.append(SubjectPicture($0)) }
        var writer = PackedWriter()
        partition.progress.pack(into: &writer)
        return Picture(subjects: subjects.sorted { $0.name < $1.name }, progress: Array(writer.bytes))
    }
}

/// A record of the log as the tests write it.
enum LogEntry {
    case event(StorefrontEvent, String, isBackfill: Bool)
    case link(IdentityLink, String)
    case tick(Instant)
    case caughtUp(Instant)
}

/// One subject as a checkpoint holds it.
struct SubjectPicture: Equatable {
    var name: String
    var facts: [UInt8]
    var said: [UInt8]
    var isBehind: Bool
    var reviewAt: Instant

    init(_ lent: LentSubject) {
        name = String(decoding: lent.subject, as: UTF8.self)
        facts = Array(lent.head.facts)
        said = Array(lent.head.said)
        isBehind = lent.isBehind
        reviewAt = lent.reviewAt
    }

    /// As `LentSubject` packs it.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.write(UInt8(isBehind ? 1 : 0))
        writer.writeSigned(reviewAt.milliseconds)
        SectionCounts(said: said.count, facts: facts.count).pack(into: &writer)
        return Array(writer.bytes) + said + facts
    }
}

/// Everything that a checkpoint holds.
struct Picture: Equatable {
    var subjects: [SubjectPicture]
    var progress: [UInt8]
}

extension StorefrontEvent.Kind {
    static func completed(_ id: String, _ value: Int64? = 1_000, _ currency: Currency = .euro) -> Self {
        .orderCompleted(.of(id), OrderContent(value: value.map { Money(minorUnits: $0, currency: currency) }))
    }

    static func updated(_ id: String, _ value: Int64?) -> Self {
        .orderUpdated(.of(id), OrderContent(value: value.map { Money(minorUnits: $0, currency: .euro) }))
    }

    static func cancelled(_ id: String) -> Self { .orderCancelled(.of(id)) }

    /// Makes a refund; without an amount it refunds the whole order.
    static func refunded(_ id: String, _ amount: Int64?, refund: String = "r", _ currency: Currency = .euro) -> Self {
        .orderRefunded(
            .of(id), Refund(id: .of(refund), amount: amount.map { Money(minorUnits: $0, currency: currency) }))
    }
}
