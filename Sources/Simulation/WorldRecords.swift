import PolicyLanguage
import Processor
import Storage
import Wire

/// Writes the records of a person's commands, at the watermark and in every partition at once.
extension World {
    /// Adopts the other policy, or after it the first one again.
    func adopt() throws(Anomaly) {
        let policy = inspector.policyNumber.isMultiple(of: 2) ? history.policy : OtherPolicy.compiled
        let broker = FaultyBroker(cluster, Client(name: "adopter"))
        do throws(ProcessorError) {
            let checkpoints = Checkpoints<SimulatedDisk>(directory: nil, cache: PolicyCache())
            let inForce = try LogInForce.atEnd(in: broker, names: names, checkpoints: checkpoints)
            _ = try PolicyAdoption(
                broker: broker, names: names, checkpoints: checkpoints, partitionCount: history.partitionCount
            ).adopt(policy, after: inForce)
        } catch {
            throw Anomaly("a policy could not be adopted: \(error.description)")
        }
        tally.count(.adopted)
    }

    func regenerate() throws(Anomaly) {
        try begin(.generation(GenerationRecord(number: inspector.generation + 1, foldVersion: LogFold.version)))
        tally.count(.regenerated)
    }

    /// As the commands do it; where an input waits, the record lets no time pass.
    private func begin(_ contents: LogContents) throws(Anomaly) {
        let broker = try openBroker()
        do throws(ProcessorError) {
            let writer = try EpochWriter(broker: broker, names: names, partitionCount: history.partitionCount)
            try writer.append(contents)
        } catch {
            throw Anomaly("a \(contents.kind) could not be appended: \(error.description)")
        }
    }
}
