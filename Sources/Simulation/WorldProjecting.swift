import Brokers
import CustomerLifecycle
import Processor
import Storage

extension World {
    /// A dead process comes up again and takes its partitions back.
    func revive(_ instance: Instance) {
        guard !instance.client.isAlive else { return }
        let dead = instance.client
        instance.begin()
        cluster.assign(cluster.owners.mapValues { $0 === dead ? instance.client : $0 })
    }

    func project(_ partition: Int, _ fault: Fault?) throws(Anomaly) {
        for instance in instances { revive(instance) }
        guard let owner = instances.first(where: { $0.client === cluster.owners[partition] }) else { return }
        partitionAtWork = partition
        owner.client.arm(fault)
        try run(owner, partition)
        owner.client.arm(nil)
        if isDiskLimited { healDisk() }
    }

    /// Goes on with the partition as the process would: recovers it where it was lost, ends where it must end.
    func run(_ instance: Instance, _ partition: Int) throws(Anomaly) {
        for _ in 0..<4 {
            guard let projector = try projector(of: partition, instance) else { return }
            do throws(ProcessorError) {
                try projector.run { next in self.merged(next, partition, instance) }
                return
            } catch {
                guard try goesOn(instance, partition, after: error) else { return }
            }
        }
    }

    private func merged(_ next: NextOffset, _ partition: Int, _ instance: Instance) {
        if instance.folds[partition]?.isWithinRecord == true { tally.count(.sliced) }
        do throws(BrokerError) {
            try instance.client.pass(.afterMerge, cluster)
        } catch {
            // Nobody hears of it: the next call to the broker fails.
            instance.die()
        }
    }

    private func projector(of partition: Int, _ instance: Instance) throws(Anomaly) -> Projector<FaultyBroker>? {
        if let known = instance.projectors[partition] { return known }
        let broker = FaultyBroker(cluster, instance.client)
        do throws(ProcessorError) {
            let fold = try recover(partition, broker)
            let producer: FaultyProducer
            do throws(BrokerError) {
                producer = try broker.producer(transactionalID: "projector-\(instance.name)-\(partition)")
            } catch {
                throw ProcessorError(error)
            }
            let projector = Projector(
                broker: broker, names: names, producer: producer, fold: fold, limits: history.limits,
                assignment: instance.client.assignment)
            instance.projectors[partition] = projector
            instance.folds[partition] = fold
            return projector
        } catch {
            _ = try goesOn(instance, partition, after: error)
            return nil
        }
    }

    func recover(_ partition: Int, _ broker: FaultyBroker) throws(ProcessorError) -> LogFold {
        let checkpoints: Checkpoints<SimulatedDisk>
        do throws(StorageError) { checkpoints = try self.checkpoints } catch { throw ProcessorError(error) }
        let recovery = Recovery(broker: broker, names: names, shelf: shelf, checkpoints: checkpoints)
        let fold = try recovery.recover(partition) { note in
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

    /// Whether the process goes on with the partition after an error, which must be one that was caused.
    private func goesOn(_ instance: Instance, _ partition: Int, after error: ProcessorError) throws(Anomaly) -> Bool {
        guard instance.client.isAlive else {
            instance.die()
            return false
        }
        switch error.cause {
        case .partitionLost:
            instance.projectors[partition] = nil
            instance.folds[partition] = nil
            return cluster.owners[partition] === instance.client
        case .fenced:
            instance.die()
            return false
        case .brokerUnreachable where isDiskLimited:
            healDisk()
            return true
        default:
            throw Anomaly("instance \(instance.name) stopped at partition \(partition): \(error.description)")
        }
    }

    // MARK: Faults

    func strike(_ kind: Fault.Kind, _ client: Client) throws(BrokerError) {
        let isRouter = client === router.client
        switch kind {
        case .crash:
            tally.count(isRouter ? .routerKilled : Survived(killedAt: client.struckAt))
            client.die()
        case .aborted, .unknownCommitted, .unknownLost:
            tally.count(
                isRouter
                    ? (kind == .aborted ? .routerAborted : .routerUnknown)
                    : kind == .aborted ? .aborted : kind == .unknownLost ? .unknownLost : .unknownCommitted)
            client.ending = kind
        case .fenced:
            tally.count(isRouter ? .routerFenced : .fenced)
            _ = try cluster.broker().producer(transactionalID: client.transactionalID)
        case .diskFull(let bytesLeft):
            tally.count(.logDiskFull)
            isDiskLimited = true
            disk.faults.leave(bytes: bytesLeft)
        case .rebalanced(let turns, let isNoticed, let comesBack):
            rebalance(from: client, turns: turns, isNoticed: isNoticed, comesBack: comesBack)
        }
    }

    /// The partition goes from a client in the middle of its work to the other instance, which may go on with it.
    private func rebalance(from client: Client, turns: Int, isNoticed: Bool, comesBack: Bool) {
        let partition = partitionAtWork
        guard cluster.owners[partition] === client,
            let other = instances.first(where: { $0.client !== client })
        else { return }
        revive(other)
        tally.count(isNoticed ? .rebalancedNoticed : .rebalancedUnnoticed)
        var owners = cluster.owners
        owners[partition] = other.client
        cluster.assign(owners, unaware: isNoticed ? nil : client)
        if turns > 0 {
            tally.count(.otherOwnerProgressed)
            // It waits until the transaction that holds offsets is over: the coordinator has aborted it.
            client.isTransactionLost = client.isTransactionLost || client.holdsOffsets
            other.client.arm(Fault(kind: .crash, moment: .afterMerge, countdown: turns - 1))
            do throws(Anomaly) { try run(other, partition) } catch { foundMeanwhile = foundMeanwhile ?? error }
            other.client.arm(nil)
            revive(other)
        }
        guard comesBack else { return }
        tally.count(.rebalancedBack)
        owners = cluster.owners
        owners[partition] = client
        cluster.assign(owners, unaware: isNoticed ? nil : client)
    }
}
