extension ActionState {
    private struct Parts: OptionSet {
        let rawValue: UInt8
        static let live = Self(rawValue: 1)
        static let known = Self(rawValue: 2)
        static let lastStarts = Self(rawValue: 4)
        static let ours = Self(rawValue: 8)
        static let newestUndone = Self(rawValue: 16)
        static let forgotten = Self(rawValue: 32)
        static let review = Self(rawValue: 64)
    }

    private var parts: Parts {
        var parts: Parts = []
        if !live.isEmpty { parts.insert(.live) }
        if !known.isEmpty { parts.insert(.known) }
        if !lastStarts.isEmpty { parts.insert(.lastStarts) }
        if !ours.isEmpty { parts.insert(.ours) }
        if newestUndone != nil { parts.insert(.newestUndone) }
        if forgottenUntil != .distantPast { parts.insert(.forgotten) }
        if firstRipe <= reviewAt, firstRipe != .never { parts.insert(.review) }
        return parts
    }

    func pack(into writer: inout PackedWriter) {
        writer.write(upTo: packedByteCountMax) { pack(into: &$0) }
    }

    /// More bytes than it takes.
    private var packedByteCountMax: Int {
        Self.otherByteCountMax + live.count * Occurrence.packedByteCountMax + known.count * Self.knownByteCountMax
            + lastStarts.count * Self.lastStartByteCountMax
    }
    private static let otherByteCountMax = 160 + OurContacts.packedByteCountMax
    private static let knownByteCountMax = 20 + 1 + BusinessID.byteCountMax
    private static let lastStartByteCountMax = 40

    private func pack(into writer: inout PackedCursor) {
        let parts = parts
        writer.write(parts.rawValue)
        if parts.contains(.live) {
            writer.writeVarint(UInt64(live.count))
            for place in live.indices { live[place].pack(into: &writer) }
        }
        if parts.contains(.known) { packKnown(into: &writer) }
        if parts.contains(.lastStarts) {
            writer.writeVarint(UInt64(lastStarts.count))
            for last in lastStarts {
                writer.writeVarint(UInt64(last.action))
                writer.write(last.start)
                writer.writeVarint(UInt64(last.cycle))
                writer.write(hour: last.until)
            }
        }
        if parts.contains(.ours) { ours.pack(into: &writer) }
        if let newestUndone {
            writer.write(newestUndone.at)
            writer.write(newestUndone.id)
        }
        if parts.contains(.forgotten) { writer.write(hour: forgottenUntil) }
        if parts.contains(.review) { writer.write(reviewAt.limited) }
    }

    /// Several actions often begin with one thing: its id stands once.
    private func packKnown(into writer: inout PackedCursor) {
        writer.writeVarint(UInt64(known.count))
        for place in known.indices {
            let isSameKey = place > 0 && known[place - 1].key == known[place].key
            writer.writeVarint(UInt64(known[place].action) << 1 | (isSameKey ? 1 : 0))
            if !isSameKey { writer.write(known[place].key) }
            writer.write(hour: known[place].until)
        }
    }

    /// Of one that holds nothing: its lists keep their memory from one customer to the next.
    mutating func unpack(from reader: inout PackedReader) {
        let parts = Parts(rawValue: reader.readByte())
        if parts.contains(.live) {
            for _ in 0..<reader.readCount() { live.append(Occurrence(unpacking: &reader)) }
        }
        if parts.contains(.known) {
            for _ in 0..<reader.readCount() {
                let bits = reader.readVarint()
                let key = bits & 1 == 1 ? known[known.count - 1].key : reader.readID()
                known.append(KnownStart(action: Int(bits >> 1), key: key, until: reader.readHour()))
            }
        }
        if parts.contains(.lastStarts) {
            for _ in 0..<reader.readCount() {
                let action = reader.readCount()
                let start = reader.readInstant()
                let cycle = Int64(reader.readVarint())
                lastStarts.append(LastStart(action: action, start: start, cycle: cycle, until: reader.readHour()))
            }
        }
        if parts.contains(.ours) { ours.unpack(from: &reader) }
        if parts.contains(.newestUndone) {
            let placed = reader.readInstant()
            newestUndone = DatedID(at: placed, id: reader.readID())
        }
        if parts.contains(.forgotten) { forgottenUntil = reader.readHour() }
        if parts.contains(.review) { reviewAt = reader.readInstant().unlimited }
    }
}

extension Occurrence {
    private struct Bits: OptionSet {
        let rawValue: UInt8
        static let isOpen = Self(rawValue: 1)
        static let hadItems = Self(rawValue: 2)
        static let isByPolicy = Self(rawValue: 4)
        /// Something has happened to a step.
        static let isTouched = Self(rawValue: 8)
        static let hasZone = Self(rawValue: 16)
        static let isDrawn = Self(rawValue: 32)
        static let hasVariant = Self(rawValue: 64)
    }

    /// More bytes than it takes.
    static let packedByteCountMax = 64 + BusinessID.byteCountMax + Policy.Action.stepCountMax * 48

    func pack(into writer: inout PackedCursor) {
        var bits: Bits = []
        if isOpen { bits.insert(.isOpen) }
        if hadItems { bits.insert(.hadItems) }
        if isByPolicy { bits.insert(.isByPolicy) }
        if !steps.allSatisfy(\.isUntouched) { bits.insert(.isTouched) }
        if zone > 0 { bits.insert(.hasZone) }
        if draw != .notYet { bits.insert(.isDrawn) }
        if case .variant = draw { bits.insert(.hasVariant) }
        writer.writeVarint(UInt64(action))
        writer.write(key)
        writer.write(start)
        writer.write(bits.rawValue)
        // No clock is a day away.
        let lead = day.dayNumber - CivilDate.split(start).date.dayNumber + 1
        writer.write(kind.rawValue << 4 | UInt8(truncatingIfNeeded: min(max(lead, 0), 15)))
        if zone > 0 { writer.writeVarint(UInt64(zone)) }
        if case .variant(let word) = draw { writer.writeVarint(UInt64(word)) }
        writer.writeVarint(UInt64(steps.count))
        for step in steps {
            writer.writeVarint(UInt64(step.word))
            if !isByPolicy {
                writer.write(step.planned.limited)
                writer.write(step.deadline.limited)
            }
            if bits.contains(.isTouched) { step.packState(into: &writer) }
        }
    }

    init(unpacking reader: inout PackedReader) {
        let action = reader.readCount()
        let key = reader.readID()
        let start = reader.readInstant()
        let bits = Bits(rawValue: reader.readByte())
        let kindAndDay = reader.readByte()
        guard let kind = Kind(rawValue: kindAndDay >> 4) else { preconditionFailure("A packed kind is one.") }
        let day = CivilDate.split(start).date.adding(days: Int64(kindAndDay & 15) - 1)
        self.init(
            action: action, key: key, kind: kind, start: start, day: day,
            zone: bits.contains(.hasZone) ? reader.readCount() : 0)
        isOpen = bits.contains(.isOpen)
        hadItems = bits.contains(.hadItems)
        isByPolicy = bits.contains(.isByPolicy)
        if bits.contains(.isDrawn) {
            draw = bits.contains(.hasVariant) ? .variant(reader.readCount()) : Draw.none
        }
        let count = reader.readCount()
        steps.reserveCapacity(count)
        for _ in 0..<count {
            let word = reader.readCount()
            // The policy says when, to whoever has it: see `plan`.
            let planned = isByPolicy ? .never : reader.readInstant().unlimited
            let deadline = isByPolicy ? .never : reader.readInstant().unlimited
            var step = PendingStep(word: word, planned: planned, deadline: deadline)
            if bits.contains(.isTouched) { step.unpackState(from: &reader) }
            steps.append(step)
        }
    }
}

extension PendingStep {
    fileprivate func packState(into writer: inout PackedCursor) {
        var bits = held?.rawValue ?? 0
        if due != planned { bits |= 16 }
        if ripe != nil { bits |= 32 }
        if isLate { bits |= 64 }
        if isDead { bits |= 128 }
        writer.write(bits)
        if due != planned { writer.write(due.limited) }
        if let ripe { writer.write(ripe.limited) }
    }

    fileprivate mutating func unpackState(from reader: inout PackedReader) {
        let bits = reader.readByte()
        held = ActionOutcome.Reason(rawValue: bits & 15)
        // A due date of its own; else it is the planned one, whoever says that.
        if bits & 16 != 0 { due = reader.readInstant().unlimited }
        if bits & 32 != 0 { ripe = reader.readInstant().unlimited }
        isLate = bits & 64 != 0
        isDead = bits & 128 != 0
    }
}

extension PackedCursor {
    /// An instant, later by less than an hour; `never` and what is as far away stays so.
    fileprivate mutating func write(hour instant: Instant) {
        let (hours, rest) = instant.limited.milliseconds.quotientAndRemainder(dividingBy: 3_600_000)
        writeSigned(instant == .never ? 1 << 24 : hours + (rest > 0 ? 1 : 0))
    }
}

extension PackedReader {
    fileprivate mutating func readHour() -> Instant {
        let hours = readSigned()
        return hours >= 1 << 24 ? .never : Instant(milliseconds: hours * 3_600_000)
    }
}

extension Instant {
    /// `never` again, if it was that when it was limited.
    fileprivate var unlimited: Instant { self == Instant.never.limited ? .never : self }
}
