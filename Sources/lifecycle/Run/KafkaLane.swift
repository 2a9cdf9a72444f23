import Brokers
import Kafka
import Processor

/// The ways to Kafka that a process needs: a lane's own clients, and what is asked about the topics.
enum KafkaLane {
    static func connect(
        _ settings: KafkaSettings, clientID: String, instance: String?
    ) throws(ProcessorError) -> KafkaBroker {
        do throws(BrokerError) {
            return try KafkaBroker(settings, clientID: clientID, instance: instance)
        } catch {
            throw ProcessorError(error)
        }
    }

    static func clients(
        _ settings: KafkaSettings, _ role: HeldRole, names: Names, inputs: [Topic]
    ) throws(ProcessorError) -> LaneClients<KafkaBroker> {
        let name = role.name(in: names)
        let broker = try connect(settings, clientID: name, instance: name)
        do throws(BrokerError) {
            let producer = try broker.producer(transactionalID: name)
            switch role.role {
            case .router:
                try producer.prepare(for: [names.log, names.rejected])
                return LaneClients(
                    broker: broker, producer: producer, member: try broker.join(names.router, reading: inputs)
                ) { broker.waitForRecords(milliseconds: $0) }
            case .projector:
                try producer.prepare(for: [names.log, names.changes, names.customers])
                return LaneClients(
                    broker: broker, producer: producer, member: try broker.join(names.projector, reading: [names.log])
                ) { broker.waitForRecords(milliseconds: $0) }
            }
        } catch {
            throw ProcessorError(error)
        }
    }

    /// What is wrong with our topics, in words.
    static func findings(_ broker: KafkaBroker, _ names: Names) throws(ProcessorError) -> [String] { [] }
}
