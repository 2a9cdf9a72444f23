import Brokers
import CustomerLifecycle
import Processor
import Storage

extension World {
    // MARK: Roles

    func route(_ instance: Instance, _ work: Work, _ fault: Fault?) throws(Anomaly) {
        try perform(.router, instance, fault) { () throws(ProcessorError) in
            let router = try self.router(of: instance)
            switch work {
            case .turns: while try router.takeTurn() {}
            case .pass: _ = try router.pass()
            case .asks: try router.requestEnds()
            }
        }
    }

    /// Lets the projector work until there is nothing to do; with `leaves` it may stop anywhere.
    func project(_ instance: Instance, _ work: Work, _ fault: Fault?, leaves: Bool) throws(Anomaly) {
        try perform(.projector, instance, fault) { () throws(ProcessorError) in
            let projector = try self.projector(of: instance)
            let onTurn = { (partition: Int, _: NextOffset) in self.merged(partition, instance) }
            let watermark = InputWatermark(broker: FaultyBroker(self.cluster, instance.client), names: self.names)
            switch work {
            case .turns: break
            case .pass, .asks:
                if case .heldBack = try projector.requestEnds(watermark) { self.tally.count(.timeHeldBack) }
            }
            guard work != .asks else { return }
            while try self.takeTurn(projector, of: instance, onTurn: onTurn) {
                // The others go on while its last turn is being committed. A full disk must be reported first.
                if leaves, !self.isDiskLimited, self.dice.happens(percent: 20) { return }
            }
        }
    }

    /// Does what the program's worker does: a turn, the ticks that are due, and a step of a checkpoint.
    private func takeTurn(
        _ projector: Projector<FaultyBroker>, of instance: Instance, onTurn: Projector<FaultyBroker>.OnTurn
    ) throws(ProcessorError) -> Bool {
        let hasMore = try projector.takeTurn(onTurn: onTurn)
        let tickCount = try projector.appendTicks()
        for _ in 0..<tickCount { tally.count(.ticked) }
        copyOn(instance)
        return hasMore || tickCount > 0
    }

    private func merged(_ partition: Int, _ instance: Instance) {
        if instance.projector?.folds.first(where: { $0.index == partition })?.isWithinRecord == true {
            tally.count(.sliced)
        }
        do throws(BrokerError) {
            try instance.client.pass(.afterMerge, cluster)
        } catch {
            // The error has no receiver here; the next call to the broker fails.
            instance.client.die()
        }
    }

    /// Does a role's work with a fault armed.
    private func perform(
        _ role: Role, _ instance: Instance, _ fault: Fault?, _ work: () throws(ProcessorError) -> Void
    ) throws(Anomaly) {
        for instance in instances { revive(instance) }
        roleAtWork = role
        instance.client.arm(fault)
        let client = instance.client
        try attempt(instance, work)
        // Events from outside happen even if their moment did not come.
        switch client.disarm()?.kind {
        case .arrives(let input): try arrive(input)
        case .released(let input): try release(input, isAborted: false)
        default: break
        }
    }

    /// Does the work as the process would: it retries where it may, and ends where it must.
    private func attempt(_ instance: Instance, _ work: () throws(ProcessorError) -> Void) throws(Anomaly) {
        for _ in 0..<4 {
            do throws(ProcessorError) {
                try work()
                if !instance.client.isAlive { instance.die() }
                return
            } catch {
                guard try goesOn(instance, after: error) else { return }
            }
        }
    }

    /// Returns whether the process goes on after an error. Throws if no fault has caused the error.
    private func goesOn(_ instance: Instance, after error: ProcessorError) throws(Anomaly) -> Bool {
        guard instance.client.isAlive else {
            instance.die()
            return false
        }
        switch error.cause {
        case .fenced:
            instance.die()
            return false
        case .local(.noSpace) where isDiskLimited:
            healDisk()
            return true
        // The process waits a little and goes on with what it has.
        case .brokerUnreachable where instance.client.hasFailedToHear:
            instance.client.hasFailedToHear = false
            return true
        default:
            throw Anomaly("instance \(instance.name) stopped: \(error.description)")
        }
    }

    // MARK: Assembly

    private func router(of instance: Instance) throws(ProcessorError) -> Router<FaultyBroker> {
        if let known = instance.router { return known }
        let broker = FaultyBroker(cluster, instance.client)
        try InputOffsets(broker: broker, names: names, inputs: Inputs.topics).check()
        let (producer, member) = try Self.connect(broker, "router-\(instance.name)", names.router)
        let router = try Router(
            broker: broker, names: names, producer: producer, member: member, inputs: Inputs.topics,
            settings: routerSettings, limits: history.routerLimits, clock: turnClock)
        instance.router = router
        return router
    }

    private func projector(of instance: Instance) throws(ProcessorError) -> Projector<FaultyBroker> {
        if let known = instance.projector { return known }
        let broker = FaultyBroker(cluster, instance.client)
        try recovery(broker).check()
        let (producer, member) = try Self.connect(broker, "projector-\(instance.name)", names.projector)
        let projector = Projector(
            broker: broker, names: names, producer: producer, member: member, limits: history.limits, clock: turnClock,
            commits: delayedCommits(of: instance.client), keepsCustomers: history.leavesMarkers
        ) { [unowned self] partitions, stayInGroup throws(ProcessorError) in
            var folds: [LogFold] = []
            for partition in partitions {
                try stayInGroup()
                folds.append(try recover(partition, broker))
            }
            return folds
        }
        instance.projector = projector
        return projector
    }

    private func delayedCommits(of client: Client) -> DelayedCommits {
        DelayedCommits(of: client) { [unowned self] in
            dice.happens(percent: 50)
        } onLate: { [unowned self] in
            tally.count(.committedLate)
        }
    }

    private static func connect(
        _ broker: FaultyBroker, _ transactionalID: String, _ group: Group
    ) throws(ProcessorError) -> (FaultyProducer, FaultyMember) {
        try ProcessorError.translating { () throws(BrokerError) in
            (
                try broker.producer(transactionalID: transactionalID), try broker.join(group, reading: [])
            )
        }
    }

    private func recovery(
        _ broker: FaultyBroker
    ) throws(ProcessorError) -> Recovery<FaultyBroker, SimulatedDisk> {
        let checkpoints = try ProcessorError.translating { () throws(StorageError) in try self.checkpoints }
        return Recovery(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
    }

    func recover(_ partition: Int, _ broker: FaultyBroker) throws(ProcessorError) -> LogFold {
        let fold = try recovery(broker).recover(partition) { note in
            switch note {
            case .fromCheckpoint: self.tally.count(.recoveredFromCheckpoint)
            case .fromGenesis: self.tally.count(.recoveredFromGenesis)
            case .unusable: self.tally.count(.setCheckpointAside)
            case .ahead: self.tally.count(.checkpointAhead)
            }
        }
        if fold.isWithinRecord { tally.count(.recoveredWithinRecord) }
        return fold
    }
}

// MARK: - Faults

extension World {
    func strike(_ kind: Fault.Kind, _ client: Client) throws(BrokerError) {
        switch kind {
        case .crash:
            if let role = role(of: client) { tally.count(Survived(killedAt: client.struckAt, role)) }
            client.die()
        case .aborted, .unknownCommitted, .unknownLost, .failedCommitted:
            if let role = role(of: client) { tally.count(Survived(endingAs: kind, role)) }
            if client.isCommittingLate, kind == .aborted || kind == .unknownLost { tally.count(.lostLate) }
            client.ending = kind
        case .fenced:
            if let role = role(of: client) {
                tally.count(role == .router ? .routerFenced : .fenced)
                _ = try cluster.broker().producer(transactionalID: client.transactionalID)
            } else if let importedFile {
                // A person gives the same command again, and it succeeds.
                note { () throws(Anomaly) in try bringIn(importedFile, isFinished: false, nil) }
            }
        case .diskFull(let bytesLeft):
            tally.count(.logDiskFull)
            isDiskLimited = true
            disk.faults.leave(bytes: bytesLeft)
        case .rebalanced(let shift): rebalance(from: client, shift)
        case .arrives(let input):
            tally.count(.arrivedMeanwhile)
            note { () throws(Anomaly) in try arrive(input) }
            clock.pass(to: clock.truth + .seconds(1))
        case .released(let input): note { () throws(Anomaly) in try release(input, isAborted: false) }
        case .late:
            tally.count(.readLate)
            client.isLate = true
        case .stalled(let length):
            tally.count(.stalled)
            clock.pass(to: clock.truth + length)
        }
    }

    /// Returns the client's role; nil for an import, which has none.
    private func role(of client: Client) -> Role? {
        instances.contains { $0.client === client } ? roleAtWork : nil
    }

    func note(_ body: () throws(Anomaly) -> Void) {
        do throws(Anomaly) { try body() } catch { foundMeanwhile = foundMeanwhile ?? error }
    }

    /// Moves a partition from a client in the middle of its work to the other instance, which may go on with it.
    private func rebalance(from client: Client, _ shift: Fault.Shift) {
        let coordinator = coordinator(of: roleAtWork)
        let held = coordinator.partitions(of: client).sorted()
        guard !held.isEmpty, let other = instances.first(where: { $0.client !== client }) else { return }
        let partition = held[shift.place % held.count]
        revive(other)
        tally.count(roleAtWork == .router ? .routerRebalanced : .rebalanced)
        var owners = coordinator.owners
        owners[partition] = other.client
        coordinator.assign(owners, unsettledPollCount: shift.unsettledPollCount, besides: other.client)
        if shift.turnCount > 0 {
            if client.offsetsInTransaction.contains(partition) {
                // The other instance waits for the offsets until the coordinator has aborted the transaction.
                client.isTransactionLost = true
            }
            note { () throws(Anomaly) in try goOn(other, turnCount: shift.turnCount) }
        }
        guard shift.comesBack else { return }
        tally.count(.rebalancedBack)
        owners = coordinator.owners
        owners[partition] = client
        coordinator.assign(owners, unsettledPollCount: shift.unsettledPollCount)
    }

    /// Lets the other owner take turns while the first one is in the middle of its own.
    private func goOn(_ other: Instance, turnCount: Int) throws(Anomaly) {
        let role = roleAtWork
        try attempt(other) { () throws(ProcessorError) in
            var count = 0
            switch role {
            case .router:
                let router = try self.router(of: other)
                while count < turnCount, try router.takeTurn() { count += 1 }
            case .projector:
                // It may also fold what its Router appends meanwhile.
                if self.dice.happens(percent: 50) { while try self.router(of: other).takeTurn() {} }
                let projector = try self.projector(of: other)
                var hasMore = true
                while count < turnCount, hasMore {
                    hasMore = try self.takeTurn(projector, of: other) { _, _ in count += 1 }
                }
            }
            if count > 0 { self.tally.count(.otherOwnerProgressed) }
            // It writes a checkpoint of what it took over, perhaps while the first owner still writes its own.
            for fold in other.projector?.folds ?? [] where self.dice.happens(percent: 50) {
                self.note { () throws(Anomaly) in try self.checkpoint(fold.index, isWhole: false, nil) }
            }
        }
    }
}
