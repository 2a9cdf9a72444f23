import Brokers
import Glibc
import Kafka
import Processor
import Storage

extension LogPlace<KafkaBroker> {
    /// Reads what is committed and takes no part in the work: it joins no group and needs no running `run`.
    init(_ address: KafkaAddress) throws(CommandFailure) {
        let shelf = PolicyShelf()
        let broker: KafkaBroker
        let checkpoints: Checkpoints<FileDisk>
        do throws(ProcessorError) {
            checkpoints = try Self.checkpoints(in: address.stateDirectory, shelf)
            broker = try KafkaLane.connect(
                address.settings, clientID: "\(address.names.prefix)lifecycle-reader", instance: nil)
        } catch {
            throw CommandFailure(error)
        }
        self.init(
            name: address.settings.brokers, broker: broker, names: address.names, shelf: shelf,
            checkpoints: checkpoints, wait: { broker.waitForRecords(milliseconds: $0) }, solo: nil)
    }

    /// Those of a `run`, where there are any: nothing is made in a directory that somebody only asks from.
    private static func checkpoints(
        in directory: String?, _ shelf: PolicyShelf
    ) throws(ProcessorError) -> Checkpoints<FileDisk> {
        guard let path = directory.map({ $0 + "/checkpoints" }), access(path, R_OK | X_OK) == 0 else {
            return Checkpoints(directory: nil, shelf: shelf)
        }
        do throws(StorageError) {
            return Checkpoints(directory: try SnapshotDirectory(path, disk: FileDisk()), shelf: shelf)
        } catch {
            throw ProcessorError(error)
        }
    }
}
