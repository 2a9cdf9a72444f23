/// What was published about a subject: it follows the order of the log, and is folded back so that nothing is said
/// twice.
package struct Said: Equatable, Sendable {
    /// Stages whose entries are counted; a policy has no more.
    package static let stageCountMax = 32

    /// How often a stage was entered.
    package struct Entries: Equatable, Sendable {
        package var stage: UInt16 = 0
        package var count: UInt32 = 0
    }

    /// Outputs published so far in this life and generation, of all types; 0 means nothing was ever said.
    package private(set) var sequence: UInt64 = 0
    /// The offset of the record that began this life.
    package private(set) var life: Int64 = 0
    /// Index into the partition's stage names.
    package private(set) var stage: Int = 0
    /// Index of the deciding rule in the policy of `epoch`: when the stage was published, or kept by another policy.
    package private(set) var rule: Int = 0
    package private(set) var since: Instant = .distantPast
    /// The latest of the subject's own event times and of the instants at which its reviews were met.
    package var subjectTime: Instant = .distantPast
    /// Imported history is still coming: ticks pass over it (Design.md, Time).
    package var isBehind = false
    /// The epoch it was last judged in.
    package var epoch = Epoch()
    /// Where the last change was published: the record's offset and the ordinal among its outputs.
    package private(set) var lastChange = OutputPosition(offset: 0, ordinal: 0)
    /// By stage; the first `entriesCount` count. Always as many: a list that shrinks and grows with every subject costs
    /// more than all that is done with it.
    private var entries = [Entries](repeating: Entries(), count: stageCountMax)
    private var entriesCount = 0
    /// By segment; the first `membershipCount` count, and as many stand there as can be.
    private var memberships = [Membership](repeating: Membership(), count: Membership.countMax)
    private var membershipCount = 0
    package internal(set) var actions = ActionState()
    /// Whether imported history may have brought starts of actions that nobody has looked at since.
    var hasUnseenStarts = false

    package init() {}

    package static func == (a: Self, b: Self) -> Bool {
        a.sequence == b.sequence && a.life == b.life && a.stage == b.stage && a.rule == b.rule && a.since == b.since
            && a.subjectTime == b.subjectTime && a.isBehind == b.isBehind && a.epoch == b.epoch
            && a.lastChange == b.lastChange
            && a.entries.prefix(a.entriesCount) == b.entries.prefix(b.entriesCount)
            && a.memberships.prefix(a.membershipCount) == b.memberships.prefix(b.membershipCount)
            && a.actions == b.actions && a.hasUnseenStarts == b.hasUnseenStarts
    }

    package var isSilent: Bool { sequence == 0 }

    /// The change that stands now.
    struct Latest {
        let stage: Int
        let since: Instant
        let position: OutputPosition
    }

    /// The latest change; nil before anything was said.
    var latest: Latest? { isSilent ? nil : Latest(stage: stage, since: since, position: lastChange) }

    /// How often `stage` was entered, the present time included.
    package func entryCount(of stage: Int) -> UInt32 {
        let place = place(of: stage)
        return place < entriesCount && entries[place].stage == UInt16(stage) ? entries[place].count : 0
    }

    /// Back to nothing said, keeping the memory for the next subject.
    mutating func removeAll() {
        sequence = 0
        life = 0
        stage = 0
        rule = 0
        since = .distantPast
        subjectTime = .distantPast
        isBehind = false
        epoch = Epoch()
        lastChange = OutputPosition(offset: 0, ordinal: 0)
        entriesCount = 0
        membershipCount = 0
        actions.removeAll()
        hasUnseenStarts = false
    }

    /// Counts an output that leaves the stage alone.
    mutating func publish() { sequence += 1 }

    mutating func publish(stage: Int, rule: Int, at instant: Instant, position: OutputPosition) {
        if isSilent, entriesCount == 0 { life = position.offset }
        sequence += 1
        self.stage = stage
        self.rule = rule
        since = instant
        lastChange = position
        countEntry(stage)
    }

    /// A new generation of outputs: what stands is said again, first in a sequence of its own.
    mutating func restate(stage: Int, rule: Int, at instant: Instant, position: OutputPosition) {
        sequence = 0
        guard stage == self.stage else { return publish(stage: stage, rule: rule, at: instant, position: position) }
        sequence = 1
        self.rule = rule
        lastChange = position
    }

    /// Another policy leaves the subject where it is: the rule that says so is the new one's.
    mutating func keepStage(by rule: Int) { self.rule = rule }

    /// Where its entries stand, or would stand.
    private func place(of stage: Int) -> Int {
        var place = 0
        while place < entriesCount, entries[place].stage < UInt16(truncatingIfNeeded: stage) { place += 1 }
        return place
    }

    private mutating func countEntry(_ stage: Int) {
        var place = place(of: stage)
        if place < entriesCount, entries[place].stage == UInt16(stage) {
            entries[place].count += 1
            return
        }
        // Past the limit (after many policies) the stage with the lowest number, the oldest name, is forgotten.
        if entriesCount == Self.stageCountMax {
            guard place > 0 else { return }
            for later in 1..<entriesCount { entries[later - 1] = entries[later] }
            entriesCount -= 1
            place -= 1
        }
        for later in (place..<entriesCount).reversed() { entries[later + 1] = entries[later] }
        entries[place] = Entries(stage: UInt16(stage), count: 1)
        entriesCount += 1
    }
}

/// What was said of a customer and one segment.
package struct Membership: Equatable, Sendable {
    /// A policy has no more segments.
    package static let countMax = 64

    /// Index into the partition's segment names.
    package var segment = 0
    /// How often it was entered.
    package var entryCount: UInt32 = 0
    package var isIn = false
    /// When it was entered or left last.
    package var since: Instant = .distantPast
}

extension Said {
    /// The segments that the customer is in or was in, in the order of their indices.
    package var segments: ArraySlice<Membership> { memberships.prefix(membershipCount) }

    package func membership(of segment: Int) -> Membership? { segments.first { $0.segment == segment } }

    /// The segments of the policy that the customer is in, a bit each by their places in it.
    @inline(__always) func members(_ places: PolicyPlaces) -> UInt64 {
        var members: UInt64 = 0
        for index in 0..<membershipCount where memberships[index].isIn {
            if let place = places.ofSegments[memberships[index].segment] { members |= 1 << UInt64(place) }
        }
        return members
    }

    func describeSegments(into description: inout ChangeDescription) {
        for membership in segments where membership.isIn { description.segments.append(membership.segment) }
    }

    mutating func enter(_ segment: Int, at instant: Instant) -> Membership {
        sequence += 1
        var place = 0
        while place < membershipCount, memberships[place].segment < segment { place += 1 }
        if place == membershipCount || memberships[place].segment != segment {
            for later in (place..<membershipCount).reversed() { memberships[later + 1] = memberships[later] }
            memberships[place] = Membership(segment: segment)
            membershipCount += 1
        }
        memberships[place].entryCount += 1
        memberships[place].isIn = true
        memberships[place].since = instant
        return memberships[place]
    }

    /// Of a segment that the customer is in.
    mutating func leave(_ segment: Int, at instant: Instant) -> Membership {
        sequence += 1
        guard let place = segments.firstIndex(where: { $0.segment == segment }) else {
            preconditionFailure("Nobody leaves a segment without being in it.")
        }
        memberships[place].isIn = false
        memberships[place].since = instant
        return memberships[place]
    }

    /// Forgets, where the policy's segments would find no room, that the customer ever was in others: those with the
    /// lowest numbers first, the oldest names.
    mutating func makeRoom(for places: PolicyPlaces) {
        var others = segments.count { places.ofSegments[$0.segment] == nil }
        while others + places.segments.count > Membership.countMax,
            let place = segments.firstIndex(where: { places.ofSegments[$0.segment] == nil })
        {
            for later in place + 1..<max(place + 1, membershipCount) { memberships[later - 1] = memberships[later] }
            membershipCount -= 1
            others -= 1
        }
    }
}

extension Said {
    /// `isBehind` stands in the subject's head.
    func pack(into writer: inout PackedWriter) -> Int {
        let start = writer.count
        packDigestible(into: &writer)
        writer.write(upTo: Self.positionByteCountMax) {
            $0.writeVarint(UInt64(bitPattern: lastChange.offset))
            $0.writeVarint(UInt64(lastChange.ordinal))
            // Most are at their first stages, and near it.
            $0.writeVarint(UInt64(bitPattern: lastChange.offset - life))
        }
        return writer.count - start
    }

    /// Without the position: what two folds of one history share wherever their records stand.
    func packDigestible(into writer: inout PackedWriter) {
        writer.write(upTo: Self.packedByteCountMax) { packDigestible(into: &$0) }
        if sequence > 0, !actions.isEmpty { actions.pack(into: &writer) }
    }

    /// More bytes than it takes with every entry there can be; what is said of actions is written by itself.
    private static let packedByteCountMax = 2_048
    private static let positionByteCountMax = 30

    @inline(__always) private func packDigestible(into writer: inout PackedCursor) {
        writer.write(subjectTime)
        writer.writeVarint(UInt64(epoch.policyNumber))
        writer.writeVarint(UInt64(epoch.generation))
        writer.writeVarint(sequence)
        if sequence > 0 {
            writer.writeVarint(UInt64(stage))
            writer.writeVarint(UInt64(rule))
            writer.write(since)
            writer.writeVarint(UInt64(entriesCount))
            for place in 0..<entriesCount {
                writer.writeVarint(UInt64(entries[place].stage))
                writer.writeVarint(UInt64(entries[place].count))
            }
            writer.writeVarint(
                UInt64(membershipCount) << 2 | (hasUnseenStarts ? 2 : 0) | (actions.isEmpty ? 0 : 1))
            for place in 0..<membershipCount {
                writer.writeVarint(UInt64(memberships[place].segment))
                writer.writeVarint(UInt64(memberships[place].entryCount) << 1 | (memberships[place].isIn ? 1 : 0))
                writer.write(memberships[place].since)
            }
        }
    }

    mutating func unpack(_ bytes: UnsafeRawBufferPointer) {
        removeAll()
        guard !bytes.isEmpty else { return }
        var reader = PackedReader(bytes)
        subjectTime = reader.readInstant()
        let policyNumber = UInt32(reader.readVarint())
        epoch = Epoch(policyNumber: policyNumber, generation: UInt32(reader.readVarint()))
        sequence = reader.readVarint()
        if sequence > 0 {
            stage = reader.readCount()
            rule = reader.readCount()
            since = reader.readInstant()
            for _ in 0..<reader.readCount() {
                let stage = UInt16(reader.readVarint())
                entries[entriesCount] = Entries(stage: stage, count: UInt32(reader.readVarint()))
                entriesCount += 1
            }
            let countAndActions = reader.readVarint()
            hasUnseenStarts = countAndActions & 2 != 0
            for _ in 0..<countAndActions >> 2 {
                memberships[membershipCount].segment = reader.readCount()
                let count = reader.readVarint()
                memberships[membershipCount].entryCount = UInt32(count >> 1)
                memberships[membershipCount].isIn = count & 1 == 1
                memberships[membershipCount].since = reader.readInstant()
                membershipCount += 1
            }
            if countAndActions & 1 == 1 { actions.unpack(from: &reader) }
        }
        let offset = Int64(bitPattern: reader.readVarint())
        lastChange = OutputPosition(offset: offset, ordinal: reader.readCount())
        life = offset - Int64(bitPattern: reader.readVarint())
    }
}
