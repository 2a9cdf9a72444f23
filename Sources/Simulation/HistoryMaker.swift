import CustomerLifecycle
import PolicyLanguage
import Processor
import Shop

/// Makes a history of a seed: a small shop's life with mishaps on the way, amid everything that can go wrong.
struct HistoryMaker {
    private var dice: Dice
    private let seed: UInt64
    private let partitionCount: Int
    private var steps: [Step] = []
    /// Most of the runs are stormy; some are calm, so that progress is seen too.
    private let faultPercent: Int

    static func history(seed: UInt64, policy: CompiledPolicy) -> History {
        var maker = HistoryMaker(seed: seed)
        let limits = maker.limits()
        let routedMax = maker.dice.pick([1, 3, 10, 100])
        let start = Self.opening + .days(maker.dice.happens(percent: 50) ? 0 : 200)
        maker.fill(start: start)
        return History(
            seed: seed, policy: policy, partitionCount: maker.partitionCount, limits: limits, routedMax: routedMax,
            start: start, steps: maker.steps)
    }

    /// 2025-01-01.
    private static let opening = Instant(milliseconds: 1_735_689_600_000)

    private init(seed: UInt64) {
        self.seed = seed
        dice = Dice(seed: seed)
        partitionCount = dice.number(1...3)
        faultPercent = dice.pick([0, 20, 40, 60])
    }

    private mutating func limits() -> TurnLimits {
        TurnLimits(
            outputCountMax: dice.pick([1, 1, 2, 3, 7, 500]), outputByteCountMax: dice.pick([1_500, 8 << 20]),
            recordCountMax: dice.pick([1, 3, 10, 1_000]))
    }

    // MARK: The shop

    private mutating func fill(start: Instant) {
        let shop = SeededShop(
            seed: seed, opening: Self.opening, customersPerDay: 1, customerCountMax: dice.number(2...5))
        var deliveries = Deliveries(
            from: shop, mishaps: Mishaps(repeated: 60, late: 60, latestAfter: .days(60), jitter: .seconds(90)),
            seed: seed)
        let end = Self.opening + .days(1_000)
        let countMax = dice.number(60...140)
        var imported: [ShopEvent] = []
        var count = 0
        while count < countMax, let delivery = deliveries.next(before: end) {
            guard !isDull(delivery.event.act) || dice.happens(percent: 25) else { continue }
            if delivery.arrival < start {
                imported.append(delivery.event)
            } else {
                finishImport(&imported, at: start)
                arrive(delivery.event, at: delivery.arrival, isBackfill: dice.happens(percent: 3))
                act()
            }
            count += 1
        }
        finishImport(&imported, at: start)
        silence()
    }

    private func isDull(_ act: Act) -> Bool {
        switch act {
        case .visited, .viewed, .addedToCart: true
        default: false
        }
    }

    /// Imported rows are sorted by customer, then time.
    private mutating func finishImport(_ imported: inout [ShopEvent], at start: Instant) {
        guard !imported.isEmpty else { return }
        imported.sort { ($0.customer, $0.time) < ($1.customer, $1.time) }
        for event in imported {
            arrive(event, at: start, isBackfill: true)
            if dice.happens(percent: 30) { act() }
        }
        imported = []
        steps.append(.routes(nil))
        guard dice.happens(percent: 80) else { return }
        // All that fell due since the import falls to one record, which is cut into slices.
        steps.append(.catchesUp)
        steps.append(.projects(partition: anyPartition(), turnFault()))
    }

    private mutating func arrive(_ event: ShopEvent, at arrival: Instant, isBackfill: Bool) {
        let subject = (event.userID ?? event.anonymousID)?.text ?? ""
        steps.append(
            .arrives(
                Input(
                    json: ShopMail.json(of: event), arrival: arrival, isBackfill: isBackfill,
                    words: "\(event.time.words) \(subject) \(event.act.kind.rawValue)")))
    }

    /// After the last event time goes on.
    private mutating func silence() {
        for _ in 0..<dice.number(1...5) {
            steps.append(.time(.days(dice.number(Int64(1)...200))))
            steps.append(.routes(nil))
            steps.append(.ticks)
            act()
        }
    }

    // MARK: What goes on meanwhile

    private mutating func act() {
        if dice.happens(percent: 45) { steps.append(.routes(routerFault())) }
        if dice.happens(percent: 25) { steps.append(.ticks) }
        if dice.happens(percent: 40) { steps.append(.projects(partition: anyPartition(), turnFault())) }
        if dice.happens(percent: 3) {
            steps.append(dice.happens(percent: 70) ? .adopts : .regenerates)
            steps.append(.projects(partition: anyPartition(), turnFault()))
        }
        if dice.happens(percent: 8) { steps.append(.checkpoints(partition: anyPartition(), checkpointFault())) }
        guard dice.happens(percent: faultPercent), dice.happens(percent: 25) else { return }
        steps.append(accident())
    }

    private mutating func anyPartition() -> Int { dice.number(0...partitionCount - 1) }

    private mutating func accident() -> Step {
        switch dice.number(0...12) {
        case 0, 1: .killed(instance: dice.number(0...1))
        case 2, 3: .rebalanced(partition: anyPartition())
        case 4: .losesPower
        case 5: .tornTail
        case 6: .flippedTail
        case 7: .time(.hours(dice.number(Int64(1)...300)))
        case 8: .clockJumps(.days(dice.pick([-365, -1, 0, 1, 365])))
        case 9: .checkpointDamaged
        case 10: .checkpointsLost
        default: .lied(dice.pick(Lie.allCases), partition: anyPartition())
        }
    }

    private mutating func turnFault() -> Fault? {
        guard dice.happens(percent: faultPercent) else { return nil }
        let kind = turnFaultKind()
        let moment: Moment =
            switch kind {
            case .aborted, .unknownLost, .unknownCommitted: .beforeEnd
            case .diskFull: .begin
            case .fenced: dice.pick([.begin, .afterProduce, .beforeOffsets, .beforeEnd])
            // Callbacks are served where something is polled: before a batch, and between slices.
            case .rebalanced(_, true, _): dice.pick([.poll, .begin])
            case .crash, .rebalanced: dice.pick(Moment.allCases)
            }
        return Fault(kind: kind, moment: moment, countdown: dice.pick([0, 0, 1, 2, 5]))
    }

    private mutating func turnFaultKind() -> Fault.Kind {
        switch dice.number(0...9) {
        case 0, 1: .crash
        case 2: .aborted
        case 3: .unknownCommitted
        case 4: .unknownLost
        case 5: .fenced
        case 6: .diskFull(bytesLeft: dice.number(0...600))
        default:
            .rebalanced(
                turns: dice.number(0...3), isNoticed: dice.happens(percent: 50), comesBack: dice.happens(percent: 50))
        }
    }

    private mutating func routerFault() -> Fault? {
        guard dice.happens(percent: faultPercent / 2) else { return nil }
        switch dice.number(0...5) {
        case 0:
            return Fault(
                kind: .crash,
                moment: dice.pick([.begin, .afterProduce, .beforeOffsets, .afterOffsets, .beforeEnd, .afterEnd]),
                countdown: 0)
        case 1: return Fault(kind: .aborted, moment: .beforeEnd, countdown: 0)
        case 2: return Fault(kind: .unknownLost, moment: .beforeEnd, countdown: 0)
        case 3: return Fault(kind: .unknownCommitted, moment: .beforeEnd, countdown: 0)
        case 4: return Fault(kind: .fenced, moment: .afterProduce, countdown: 0)
        default: return Fault(kind: .diskFull(bytesLeft: dice.number(0...400)), moment: .begin, countdown: 0)
        }
    }

    private mutating func checkpointFault() -> CheckpointFault? {
        guard dice.happens(percent: faultPercent) else { return nil }
        return dice.happens(percent: 50)
            ? .diskFull(bytesLeft: dice.number(0...800)) : .crash(afterSteps: dice.number(0...8))
    }
}
