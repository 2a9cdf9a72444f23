/// A subject as it stands between records; good only while it is lent.
package struct LentSubject {
    let head: SubjectHead

    init(_ head: SubjectHead) { self.head = head }

    package var subject: UnsafeRawBufferPointer { head.subject }
    package var isBehind: Bool { head.isBehind }
    package var reviewAt: Instant { head.reviewAt }

    /// False for a subject that is known by links alone: nothing was said of it.
    package var isCustomer: Bool { !head.said.isEmpty }

    package func read(into facts: inout Facts, _ said: inout Said) {
        facts.unpack(head.facts, isIdentified: Subject.isUser(head.subject))
        read(into: &said)
    }

    /// Puts the subject before a judge, who has yet to read it.
    package func read(into judge: Judge, _ said: inout Said) {
        read(into: &judge.facts, &said)
        judge.ours = said.actions.ours
    }

    package func read(into said: inout Said) {
        said.unpack(head.said)
        said.isBehind = head.isBehind
    }

    /// Appends what a checkpoint keeps of the subject beside its id; `Partition.add` reads it.
    package func pack(into writer: inout PackedWriter) {
        writer.write(UInt8(isBehind ? 1 : 0))
        writer.writeSigned(reviewAt.milliseconds)
        head.counts.pack(into: &writer)
        writer.write(bytes: head.sections)
    }
}

/// Where a subject stands in its partition: four bytes, good until the next record is folded.
package struct SubjectPlace: Sendable {
    let block: Slab.Block
}

extension Partition {
    package var subjectCount: Int { table.count }

    /// Bytes that the subjects and their reviews take.
    package var byteCount: Int { table.byteCount + queue.count * MemoryLayout<ReviewQueue.Entry>.stride }

    /// Lends every subject, in no order that may be published.
    package func lendEachSubject<Failure: Error>(_ body: (LentSubject) throws(Failure) -> Void) throws(Failure) {
        var failure: Failure?
        table.lendEach { block, _ in
            guard failure == nil else { return }
            do throws(Failure) { try body(LentSubject(table.head(block))) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Lends every subject with its place, in no order that may be published.
    package func lendEachPlace(_ body: (SubjectPlace, LentSubject) -> Void) {
        table.lendEach { block, _ in body(SubjectPlace(block: block), LentSubject(table.head(block))) }
    }

    /// Lends the subject at a place that `lendEachPlace` gave since the last record was folded.
    package func withSubject<Result>(at place: SubjectPlace, _ body: (LentSubject) -> Result) -> Result {
        body(LentSubject(table.head(place.block)))
    }

    /// Lends one subject, if it is known.
    package func withSubject<Result>(
        _ subject: UnsafeRawBufferPointer, hash: UInt64, _ body: (LentSubject) -> Result
    ) -> Result? {
        table.find(subject, tag: SubjectTable.tag(hash: hash)).map { body(LentSubject(table.head($0))) }
    }

    /// Lends every customer that the open turn touched, as it stands now; nil for one that was forgotten.
    package func lendTouchedCustomers<Failure: Error>(
        _ body: (_ subject: UnsafeRawBufferPointer, LentSubject?) throws(Failure) -> Void
    ) throws(Failure) {
        guard let turn else { return }
        var failure: Failure?
        for image in turn.images where failure == nil {
            image.withSubject { subject in
                let present = table.find(subject, tag: image.tag).map { LentSubject(table.head($0)) }
                let customer = present?.isCustomer == true ? present : nil
                guard customer != nil || image.wasCustomer else { return }
                do throws(Failure) { try body(subject, customer) } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    /// Where the look-up of a subject of this hash begins: for a caller that knows beforehand which subject it folds
    /// next, and can have the memory fetched. A hint, good until the next record is folded.
    ///
    /// Mutating in name only: a partition that stands in a class would be copied to be asked otherwise.
    package mutating func slotAddress(hash: UInt64) -> UnsafeRawPointer? {
        table.slotAddress(tag: SubjectTable.tag(hash: hash))
    }

    /// The same for what is known of the subject, if anything is.
    package mutating func blockAddress(hash: UInt64) -> UnsafeRawPointer? {
        table.blockAddress(tag: SubjectTable.tag(hash: hash))
    }

    /// Adds a subject from a checkpoint, as `LentSubject` packed it; its review is queued anew.
    package mutating func add(_ subject: UnsafeRawBufferPointer, hash: UInt64, unpacking reader: inout PackedReader) {
        let tag = SubjectTable.tag(hash: hash)
        precondition(table.find(subject, tag: tag) == nil, "A checkpoint names each subject once.")
        let isBehind = reader.readByte() == 1
        let reviewAt = Instant(milliseconds: reader.readSigned())
        let counts = SectionCounts(unpacking: &reader)
        let head = table.head(table.insert(subject, tag: tag, counts))
        head.write(sections: reader.read(count: counts.total))
        head.isBehind = isBehind
        head.reviewAt = reviewAt
        enqueue(head, tag: tag)
    }

    /// What the digest covers of one subject, packed: facts, said without positions, and the standing at `instant`.
    package static func packDigestible(
        _ lent: LentSubject, at instant: Instant, _ judge: Judge, said: inout Said, into writer: inout PackedWriter
    ) {
        lent.read(into: judge, &said)
        writer.writeVarint(UInt64(lent.subject.count))
        writer.write(bytes: lent.subject)
        writer.writeVarint(UInt64(lent.head.facts.count))
        writer.write(bytes: lent.head.facts)
        guard lent.isCustomer else { return }
        writer.write(UInt8(lent.isBehind ? 1 : 0))
        said.packDigestible(into: &writer)
        judge.read()
        let standing = judge.evaluate(at: max(instant, said.subjectTime))
        writer.writeVarint(UInt64(standing.rule))
        writer.writeSigned(standing.reviewAt.milliseconds)
    }
}
