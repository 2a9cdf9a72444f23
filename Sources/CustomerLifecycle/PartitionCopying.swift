/// A copy of a partition's subjects as they stood when it began, a range of tags at a time, while the fold goes on.
///
/// Subjects are copied in the order of (tag, bytes), so whether one is copied yet is a matter of its tag alone,
/// wherever its slot and its block are or go. Who changes before that is held as it was: a turn that ends hands over
/// its undo images; one that is taken back has changed nothing.
struct PartitionCopy {
    /// Tags that differ only in so many low bits are copied together.
    private let rangeBitCount: Int
    /// The first range that is not copied.
    private var next = 0
    /// What changed since the copy began, as it was then, by range.
    private var held: [Int: [Turn.Image]] = [:]

    private static let slotsPerRange = 64
    private static let rangeCountMax = 65_536

    /// `slotCount` is the table's, a power of two; any number gives the same copy.
    init(slotCount: Int) {
        let rangeCount = min(max(slotCount / Self.slotsPerRange, 2), Self.rangeCountMax)
        rangeBitCount = 32 - rangeCount.trailingZeroBitCount
    }

    var isDone: Bool { next == 1 << (32 - rangeBitCount) }

    /// Only what a subject was first counts: later images are of what it has become.
    mutating func hold(_ images: [Turn.Image]) {
        for image in images {
            let range = Int(image.tag) >> rangeBitCount
            guard range >= next, held[range]?.contains(where: image.isOfSameSubject) != true else { continue }
            held[range, default: []].append(image)
        }
    }

    /// Begins the next range: its tags, and the subjects that it must not take from the table.
    mutating func beginRange() -> (tags: ClosedRange<UInt32>, held: [Turn.Image]) {
        let first = next << rangeBitCount
        let images = held.removeValue(forKey: next) ?? []
        next += 1
        return (UInt32(first)...UInt32(first + (1 << rangeBitCount) - 1), images)
    }
}

extension Turn.Image {
    fileprivate func isOfSameSubject(_ other: Self) -> Bool {
        tag == other.tag && withSubject { subject in other.withSubject { equal(subject, $0) } }
    }

    fileprivate func isOf(_ head: SubjectHead, tag: UInt32) -> Bool {
        self.tag == tag && withSubject { equal($0, head.subject) }
    }

    fileprivate func isBefore(_ other: Self) -> Bool {
        guard tag == other.tag else { return tag < other.tag }
        return withSubject { subject in other.withSubject { isLess(subject, $0) } }
    }
}

extension Partition {
    /// Mutating in name only, as `slotAddress` is.
    package var isBeingCopied: Bool { mutating get { copy != nil } }

    /// Has `copyOn` lend the subjects as they stand now, whatever turns are committed or taken back. Called between
    /// turns, all of them committed; what is folded before `endCopy` is folded in turns.
    package mutating func beginCopy() {
        precondition(
            copy == nil && turn == nil && closed == nil && timeAdvance == nil,
            "A copy begins between records and turns.")
        copy = PartitionCopy(slotCount: table.slotCount)
    }

    /// Lends the next few subjects of the copy, as they stood when it began, in an order that depends on nothing but
    /// themselves. Returns whether these were the last. To be called between turns.
    package mutating func copyOn<Failure: Error>(
        _ body: (LentSubject) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        precondition(turn == nil, "What an open turn has changed may never be committed.")
        guard let (tags, images) = copy?.beginRange(), let isDone = copy?.isDone else {
            preconditionFailure("No copy is under way.")
        }
        let present = unchanged(in: tags, besides: images)
        let held = images.sorted { $0.isBefore($1) }
        var place = 0
        for image in held {
            while place < present.count, isBefore(present[place], image) {
                try body(LentSubject(table.head(present[place].block)))
                place += 1
            }
            try image.withHead { head throws(Failure) in try body(LentSubject(head)) }
        }
        for subject in present[place...] { try body(LentSubject(table.head(subject.block))) }
        return isDone
    }

    package mutating func endCopy() { copy = nil }

    /// Returns the subjects that did not change, ordered by (tag, bytes).
    private func unchanged(in tags: ClosedRange<UInt32>, besides held: [Turn.Image]) -> [Due] {
        var present: [Due] = []
        table.lendEach(tags: tags) { block, tag in
            guard !held.contains(where: { $0.isOf(table.head(block), tag: tag) }) else { return }
            present.append(Due(block: block, tag: tag))
        }
        present.sort {
            $0.tag != $1.tag ? $0.tag < $1.tag : isLess(table.head($0.block).subject, table.head($1.block).subject)
        }
        return present
    }

    private func isBefore(_ subject: Due, _ image: Turn.Image) -> Bool {
        guard subject.tag == image.tag else { return subject.tag < image.tag }
        return image.withSubject { isLess(table.head(subject.block).subject, $0) }
    }
}
