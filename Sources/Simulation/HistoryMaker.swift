import CustomerLifecycle
import PolicyLanguage
import Processor
import Shop
import Wire

/// Makes the history of a seed: the events of a small shop with mishaps on their way, among everything that can go
/// wrong.
struct HistoryMaker {
    var dice: Dice
    private let seed: UInt64
    let partitionCount: Int
    let livePartitionCount: Int
    private var steps: [Step] = []
    private var files: [SimulatedImport] = []
    /// The input in which another producer's transaction is open.
    private var heldInput: Int?
    /// The likelihood of faults. Some runs have none, so that progress is tested too.
    let faultPercent: Int

    static func history(seed: UInt64, policy: CompiledPolicy) -> History {
        var maker = HistoryMaker(seed: seed)
        let limits = maker.limits()
        let clockStep = Duration.milliseconds(maker.dice.pick([0, 0, 7, 60, 700]))
        let routedMax = maker.dice.pick([1, 3, 10, 100])
        let leavesMarkers = maker.dice.happens(percent: 50)
        let start = Self.opening + .days(maker.dice.happens(percent: 50) ? 0 : 200)
        maker.fill(start: start)
        return History(
            seed: seed, policy: policy, partitionCount: maker.partitionCount,
            livePartitionCount: maker.livePartitionCount, leavesMarkers: leavesMarkers, limits: limits,
            clockStep: clockStep, routedMax: routedMax, files: maker.files, start: start, steps: maker.steps)
    }

    /// The shop opens on 2025-01-01.
    private static let opening = Instant(milliseconds: 1_735_689_600_000)

    private init(seed: UInt64) {
        self.seed = seed
        dice = Dice(seed: seed)
        partitionCount = dice.number(1...3)
        livePartitionCount = dice.number(1...2)
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
        var past: [ShopEvent] = []
        var count = 0
        while count < countMax, let delivery = deliveries.next(before: end) {
            guard !isDull(delivery.event.act) || dice.happens(percent: 25) else { continue }
            if delivery.arrival < start {
                past.append(delivery.event)
            } else {
                bringIn(&past, at: start)
                arrive(delivery)
            }
            count += 1
        }
        bringIn(&past, at: start)
        silence()
    }

    private func isDull(_ act: Act) -> Bool {
        switch act {
        case .visited, .viewed, .addedToCart: true
        default: false
        }
    }

    /// Adds the events from before the log was made, as rows of a file or as records of the archive's topic.
    private mutating func bringIn(_ past: inout [ShopEvent], at start: Instant) {
        guard !past.isEmpty else { return }
        past.sort { ($0.customer, $0.time) < ($1.customer, $1.time) }
        if dice.happens(percent: 60) {
            addFile(past)
            // The import may be killed and begin again.
            for _ in 0..<dice.number(1...3) { steps.append(importing(isFinished: dice.happens(percent: 60))) }
        } else {
            for event in past {
                steps.append(.arrives(input(event, at: start)))
                if dice.happens(percent: 30) { act() }
            }
        }
        past = []
        if dice.happens(percent: 60) { steps.append(.finishes) }
        // One record makes everything due that has become due since, so it is folded in slices.
        steps.append(.projects(instance: anyInstance(), .turns, turnFault(of: .projector)))
    }

    private mutating func addFile(_ events: [ShopEvent]) {
        var rows: [[UInt8]] = []
        for event in events {
            rows.append(json(of: event))
            if dice.happens(percent: 5), let poison = dice.pick(Poison.all).json { rows.append(poison) }
        }
        // What is reported of an order later may lie before the file's end, and after it.
        let newest = dice.pick(events).time + .days(dice.number(Int64(-30)...300))
        let orders = ImportFile.Orders(
            newest: newest, covers: dice.pick([[], .status, .refunds, .known]))
        files.append(
            SimulatedImport(
                name: "file-\(files.count)", rows: rows, orders: dice.happens(percent: 50) ? orders : nil))
    }

    private mutating func importing(isFinished: Bool) -> Step {
        .imports(file: dice.number(0...files.count - 1), isFinished: isFinished, importFault())
    }

    private mutating func arrive(_ delivery: Deliveries.Delivery) {
        let isArchived = dice.happens(percent: 3)
        let livePartition = isArchived ? nil : delivery.event.customer.value % livePartitionCount
        var input = input(delivery.event, at: delivery.arrival, livePartition: livePartition)
        let delay = delivery.arrival - delivery.event.time
        input.mishap = delivery.isRepeat ? .repeated : delay > .hours(1) ? .late : nil
        // The event arrives just while a Router or a projector asks how far time has come.
        if dice.happens(percent: 10) {
            // It may arrive in an input that is held, where it cannot be read yet.
            if let livePartition, dice.happens(percent: 40) {
                steps.append(.holds(input: livePartition))
                heldInput = livePartition
            }
            let fault = Fault(
                kind: .arrives(input),
                moment: dice.pick([.beforeClock, .afterClock, .beforeEnd, .afterEnd, .poll, .beforeCommit]),
                countdown: dice.number(0...3))
            steps.append(
                dice.happens(percent: 60)
                    ? .routes(instance: anyInstance(), .pass, fault)
                    : .projects(instance: anyInstance(), .pass, fault))
        } else {
            steps.append(.arrives(input))
        }
        if dice.happens(percent: 3) { steps.append(.arrives(poison(at: delivery.arrival))) }
        if dice.happens(percent: 4) { steps.append(.arrives(override(of: delivery))) }
        act()
    }

    private func input(_ event: ShopEvent, at arrival: Instant, livePartition: Int? = nil) -> Input {
        let subject = (event.userID ?? event.anonymousID)?.text ?? ""
        return Input(
            json: json(of: event), arrival: arrival, livePartition: livePartition,
            words: "\(event.time.words) \(subject) \(event.act.kind.rawValue)")
    }

    /// As the shop's tracking writes it; some refunds are credit notes instead, and some names are spelled otherwise.
    /// Both depend on the event alone, so that one that comes again says the same.
    private func json(of event: ShopEvent) -> [UInt8] {
        var json = StorefrontJSON()
        let choice = event.messageID.text.utf8.reduce(0) { ($0 * 31 + Int($1)) % 1_000 }
        if case .orderRefunded(let id, let refund) = event.act, let amount = refund.amount, choice < 500 {
            let order = StorefrontJSON.Order(
                id: "credit-\(id.text)",
                revenue: Money(minorUnits: -amount.minorUnits, currency: amount.currency),
                creditedOrder: choice < 250 ? id.text : nil)
            json.append(
                .orderCompleted(order),
                StorefrontJSON.Envelope(messageID: event.messageID.text, user: event.userID?.text, at: event.time))
        } else {
            json.append(event)
        }
        guard choice % 4 == 0 else { return json.bytes }
        let text = String(decoding: json.bytes, as: UTF8.self)
        return Array(text.replacing("\"Order Completed\"", with: "\"order_completed\"").utf8)
    }

    /// The shop's staff set a customer's stage, perhaps one that the policy does not have, or let it go again.
    private mutating func override(of delivery: Deliveries.Delivery) -> Input {
        let event = delivery.event
        let name = dice.happens(percent: 70) ? "Set" : "Cleared"
        let stage = dice.pick(["loyal", "dormant", "active", "no such stage"])
        let until = (event.time + .days(dice.number(1...90))).rfc3339
        let subject =
            event.userID.map { #""userId":"\#($0.text)""# }
            ?? #""anonymousId":"\#(event.anonymousID?.text ?? "")""#
        let properties = #"{"stage":"\#(stage)","until":"\#(until)","actor_id":"staff","reason_code":"vip"}"#
        let text =
            #"{"type":"track","event":"Stage Override \#(name)","messageId":"o-\#(event.messageID.text)",\#(subject),"#
            + #""timestamp":"\#(event.time.rfc3339)","properties":\#(properties)}"#
        return Input(
            json: Array(text.utf8), arrival: delivery.arrival,
            livePartition: event.customer.value % livePartitionCount,
            words: "\(event.time.words) stage override \(name)", mishap: .overridden)
    }

    private mutating func poison(at arrival: Instant) -> Input {
        let poison = dice.pick(Poison.all)
        return Input(
            json: poison.json, arrival: arrival,
            livePartition: dice.happens(percent: 80) ? dice.number(0...livePartitionCount - 1) : nil,
            words: "poison (\(poison.reason.rawValue))", mishap: .poisoned)
    }

    /// Lets time go on after the last event.
    private mutating func silence() {
        for _ in 0..<dice.number(1...5) {
            steps.append(.time(.days(dice.number(Int64(1)...200))))
            for instance in 0..<2 { steps.append(.routes(instance: instance, .pass, nil)) }
            for instance in 0..<2 { steps.append(.projects(instance: instance, .pass, nil)) }
            act()
        }
    }

    // MARK: What goes on meanwhile

    private mutating func act() {
        if dice.happens(percent: 50) {
            steps.append(.routes(instance: anyInstance(), dice.pick(Self.works), turnFault(of: .router)))
        }
        if dice.happens(percent: 55) {
            steps.append(.projects(instance: anyInstance(), dice.pick(Self.works), turnFault(of: .projector)))
        }
        if dice.happens(percent: 3) {
            steps.append(dice.happens(percent: 70) ? .adopts : .regenerates)
            steps.append(.projects(instance: anyInstance(), .turns, turnFault(of: .projector)))
        }
        if dice.happens(percent: 8) { keep() }
        if let heldInput, dice.happens(percent: 15) {
            steps.append(.releases(input: heldInput, isAborted: dice.happens(percent: 40)))
            self.heldInput = nil
        }
        guard dice.happens(percent: faultPercent), dice.happens(percent: 30) else { return }
        steps.append(accident())
    }

    /// Adds a checkpoint. Sometimes the transaction it was taken of is lost right after, or its partition moves while
    /// it is written.
    private mutating func keep() {
        let isLost = dice.happens(percent: faultPercent / 4)
        let isWhole = isLost || dice.happens(percent: 20)
        steps.append(.checkpoints(partition: anyPartition(), isWhole: isWhole, checkpointFault()))
        if isLost {
            steps.append(.flippedTail)
            for instance in 0..<2 { steps.append(.projects(instance: instance, .turns, nil)) }
        } else if !isWhole, dice.happens(percent: faultPercent / 2) {
            let fault = Fault(kind: .rebalanced(shift()), moment: dice.pick([.begin, .beforeOffsets]), countdown: 0)
            for instance in 0..<2 { steps.append(.projects(instance: instance, .turns, fault)) }
        }
    }

    private static let works: [Work] = [.turns, .turns, .pass, .pass, .pass, .asks]

    mutating func anyPartition() -> Int { dice.number(0...partitionCount - 1) }

    mutating func anyInstance() -> Int { dice.number(0...1) }

    private mutating func accident() -> Step {
        switch dice.number(0...17) {
        case 0, 1: .killed(instance: anyInstance())
        case 2, 3: .rebalanced(.projector, place: anyPartition())
        case 4: .rebalanced(.router, place: dice.number(0...livePartitionCount))
        case 5: .losesPower
        case 6: .tornTail
        case 7: .flippedTail
        case 8: .time(.hours(dice.number(Int64(1)...300)))
        case 9: .clockJumps(.days(dice.pick([-365, -1, 0, 1, 365])))
        case 10: .checkpointDamaged
        case 11: .checkpointsLost
        case 12: files.isEmpty ? .finishes : importing(isFinished: dice.happens(percent: 50))
        case 13, 14, 15: hold()
        default: .lied(dice.pick(Lie.allCases), partition: anyPartition())
        }
    }

    private mutating func hold() -> Step {
        let input = dice.number(0...livePartitionCount)
        heldInput = input
        return .holds(input: input)
    }
}
