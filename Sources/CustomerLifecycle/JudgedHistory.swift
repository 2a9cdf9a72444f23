/// A partition's history under several policies at once, each as if it had been in force from the start: facts, which
/// no policy has a part in, are folded once and judged by each.
///
/// It publishes nothing and knows no ticks: the reviews of a customer are met before the customer's next event and at
/// the end, each at its own instant, which gives what ticks give.
package struct JudgedHistory: ~Copyable {
    /// Where a customer stands under one policy.
    package struct Standing: Sendable {
        /// Index into the policy's stages; nil before the first.
        package var stage: Int?
        fileprivate var reviewAt: Instant = .never
    }

    /// A change of stage under one policy.
    package struct Move: Sendable {
        /// Among the policies.
        package let policy: Int
        package let from: Int?
        package let to: Int
        /// The rule that decides now.
        package let rule: Int
        package let at: Instant
        /// Whether time alone brought it.
        package let isByTime: Bool
    }

    /// A stage that time alone brought a customer into, kept for the end.
    package struct Lapse: Equatable, Sendable {
        package let policy: Int
        package let rule: Int
        package let at: Instant
        /// Since the last order as it was known then; nil without one.
        package let silence: Milliseconds?
    }

    package typealias OnMove = (Move) -> Void

    private let policies: [Policy]
    private let keepsLapses: Bool
    private let judge: Judge
    private var table = SubjectTable()
    private var writer = PackedWriter()
    /// Of the customer under way, by policy.
    private var standings: [Standing]
    private var lapses: [Lapse] = []
    private var time: Instant = .distantPast
    package private(set) var newestEvent: Instant = .distantPast

    /// More of one customer are not kept.
    private static let lapseCountMax = 512

    package init(under policies: [Policy], keepsLapses: Bool) {
        precondition(!policies.isEmpty, "A history is judged by something.")
        self.policies = policies
        self.keepsLapses = keepsLapses
        judge = Judge(under: policies[0])
        standings = Array(repeating: Standing(), count: policies.count)
    }

    /// Folds an event.
    package mutating func fold(
        _ event: inout StorefrontEvent, of subject: UnsafeRawBufferPointer, hash: UInt64, in record: RecordContext,
        _ onMove: OnMove
    ) {
        let counted = record.counted(event.claimed)
        newestEvent = max(newestEvent, counted)
        if case .unrelated = event.kind { return }
        let tag = SubjectTable.tag(hash: hash)
        let known = table.find(subject, tag: tag)
        load(known, subject)
        meetReviews(before: counted, onMove)
        judge.facts.fold(&event, counted: counted, in: record)
        time = max(time, counted)
        for place in policies.indices { judge(place, at: time, isByTime: false, onMove) }
        store(known, subject, tag: tag)
    }

    /// Lets time pass to `instant`, and lends each customer as they stand then.
    package mutating func finish(
        at instant: Instant, _ onMove: OnMove,
        _ body: ([Standing], [Lapse], _ orders: borrowing OrderList) -> Void
    ) {
        var blocks: [Slab.Block] = []
        table.lendEach { block, _ in blocks.append(block) }
        for block in blocks {
            load(block, table.head(block).subject)
            meetReviews(before: instant + Milliseconds(1), onMove)
            if standings[0].stage != nil { body(standings, lapses, judge.facts.orders) }
        }
    }

    // MARK: A customer

    /// In the order of their instants, whichever policy they belong to: a forgotten visitor is forgotten under all.
    private mutating func meetReviews(before instant: Instant, _ onMove: OnMove) {
        while true {
            var next = 0
            for place in standings.indices where standings[place].reviewAt < standings[next].reviewAt { next = place }
            let due = standings[next].reviewAt
            let isForgotten = judge.facts.forgottenAt <= due && judge.facts.forgottenAt < instant
            if isForgotten, judge.facts.isVisitor, standings[0].stage != nil { return forget() }
            guard due < instant else { return }
            time = max(time, due)
            judge(next, at: due, isByTime: true, onMove)
        }
    }

    private mutating func forget() {
        let isIdentified = judge.facts.isIdentified
        judge.facts.removeAll()
        judge.facts.isIdentified = isIdentified
        for place in standings.indices { standings[place] = Standing() }
        lapses.removeAll(keepingCapacity: true)
        time = .distantPast
    }

    private mutating func judge(_ place: Int, at instant: Instant, isByTime: Bool, _ onMove: OnMove) {
        judge.policy = policies[place]
        judge.read()
        let standing = judge.evaluate(at: instant)
        standings[place].reviewAt = standing.reviewAt
        let stage = policies[place].stage(of: standing.rule)
        guard stage != standings[place].stage else { return }
        onMove(
            Move(
                policy: place, from: standings[place].stage, to: stage, rule: standing.rule, at: instant,
                isByTime: isByTime))
        standings[place].stage = stage
        guard keepsLapses, isByTime, lapses.count < Self.lapseCountMax else { return }
        let silence = judge.instant(of: .lastOrder).map { instant - $0 }
        lapses.append(Lapse(policy: place, rule: standing.rule, at: instant, silence: silence))
    }

    // MARK: Memory

    private mutating func load(_ block: Slab.Block?, _ subject: UnsafeRawBufferPointer) {
        lapses.removeAll(keepingCapacity: true)
        guard let block else {
            forget()
            judge.facts.isIdentified = Subject.isUser(subject)
            return
        }
        let head = table.head(block)
        judge.facts.unpack(head.facts, isIdentified: Subject.isUser(subject))
        var reader = PackedReader(head.said)
        time = reader.readInstant()
        for place in standings.indices {
            let stage = reader.readCount()
            standings[place].stage = stage < 2 ? nil : stage / 2 - 1
            standings[place].reviewAt = stage % 2 == 1 ? reader.readInstant() : .never
        }
        for _ in 0..<reader.readCount() {
            let policy = reader.readCount()
            let rule = reader.readCount()
            let at = reader.readInstant()
            let silence = reader.readSigned()
            lapses.append(
                Lapse(policy: policy, rule: rule, at: at, silence: silence < 0 ? nil : Milliseconds(silence)))
        }
    }

    private mutating func store(_ known: Slab.Block?, _ subject: UnsafeRawBufferPointer, tag: UInt32) {
        writer.removeAll()
        writer.write(time)
        for standing in standings {
            // Never is none of the instants that fit.
            let isDue = standing.reviewAt.limited == standing.reviewAt
            writer.writeVarint(UInt64((standing.stage ?? -1) + 1) << 1 | (isDue ? 1 : 0))
            if isDue { writer.write(standing.reviewAt) }
        }
        writer.writeVarint(UInt64(lapses.count))
        for lapse in lapses {
            writer.writeVarint(UInt64(lapse.policy))
            writer.writeVarint(UInt64(lapse.rule))
            writer.write(lapse.at)
            writer.writeSigned(lapse.silence?.count ?? -1)
        }
        var counts = SectionCounts()
        counts.said = writer.count
        judge.facts.packLimited(into: &writer)
        counts.facts = writer.count - counts.said
        let block =
            known.map { table.resize($0, tag: tag, counts) } ?? table.insert(subject, tag: tag, counts)
        table.head(block).write(sections: writer.bytes)
    }
}
