import Brokers
import CommandLine
import CustomerLifecycle
import Foundation
import PolicyLanguage
import Processor
import Storage
import Synchronization
import Testing
import Wire

@testable import Service

/// A processor on the embedded broker, under the wall clock, with the same workers as on Kafka.
@Suite struct `A running processor` {
    @Test func `carries events over both hops, keeps checkpoints when told to stop, and says how it is`() throws {
        let shop = try RunningShop(customerCount: 20)
        let state = try shop.state()
        try shop.run(state) { shop.hasChanges(20) }
        #expect(try shop.changeCount() == 20)
        let status = try #require(try state.status())
        #expect(!status.isHealthy && status.json.contains("\"problems\":[\"it was asked to stop, and has ended\"]"))
        #expect(status.json.contains("\"routed\":20"))
        #expect(status.json.contains("\"published\":20"))
        let kept = try FileManager.default.contentsOfDirectory(atPath: state.path + "/checkpoints")
        #expect(kept.count == 2, "one of each partition: \(kept)")
    }

    @Test func `started again goes on where it was, from its checkpoints`() throws {
        let shop = try RunningShop(customerCount: 5)
        let state = try shop.state()
        try shop.run(state) { shop.hasChanges(5) }
        try shop.send(5..<9)
        try shop.run(state) { shop.hasChanges(9) }
        #expect(try shop.changeCount() == 9)
    }

    @Test func `lets changes be acted on for as long as it is told at its start`() throws {
        let shop = try RunningShop(customerCount: 4)
        let state = try shop.state()
        try shop.run(state) { shop.hasChanges(4) }
        try shop.send(4..<6)
        try shop.run(state, actableFor: .minutes(30)) { shop.hasChanges(6) }
        let seconds = try (0..<2).flatMap(shop.actableForSeconds)
        #expect(seconds.sorted() == [1_800, 1_800] + Array(repeating: 259_200, count: 4))
    }

    @Test func `refuses to start on topics that will lose the past`() throws {
        let shop = try RunningShop(customerCount: 1)
        let error = #expect(throws: ProcessorError.self) {
            try shop.run(try shop.state(), isBadlyConfigured: true) { false }
        }
        #expect(error?.cause == .pastIsBeingLost)
    }

    @Test func `of one worker that fails stops the other and tells its error`() throws {
        let shop = try RunningShop(customerCount: 1)
        let state = try shop.state()
        let error = #expect(throws: ProcessorError.self) {
            try shop.run(state, inputs: [InputTopic(Topic("none"), .live)]) { false }
        }
        #expect(error?.description.contains("no topic none") == true)
        let status = try #require(try state.status())
        #expect(!status.isHealthy && status.json.contains("no topic none"))
    }

    @Test(arguments: [Refusal.topics, .input, .offset, .log])
    private func `that is refused has joined no group`(refusal: Refusal) throws {
        let shop = try RunningShop(customerCount: 1)
        let foreign = Topic("foreign")
        let producer = try shop.broker.producer(transactionalID: "foreign")
        try producer.begin()
        try producer.create(foreign, partitionCount: 1)
        _ = try producer.end()
        let joins = Counter()
        let error = #expect(throws: ProcessorError.self) {
            try shop.run(
                try shop.state(),
                inputs: refusal == .input
                    ? [InputTopic(Topic("none"), .live)] : refusal == .offset ? [InputTopic(foreign, .live)] : nil,
                skipped: refusal == .log
                    ? (0..<17).map {
                        PartitionSkippedRecord(partition: 0, skippedRecord: SkippedRecord(offset: $0, step: nil))
                    }
                    : [],
                isBadlyConfigured: refusal == .topics, joins: joins
            ) { joins.count > 0 }
        }
        #expect(error?.cause == refusal.cause)
        #expect(joins.count == 0)
    }

    /// What is wrong where a processor is started.
    private enum Refusal {
        case topics
        /// The name of the input is misspelt.
        case input
        /// The committed offset of an input is missing.
        case offset
        /// More of the log is to be skipped than can be.
        case log

        var cause: ProcessorError.Cause {
            switch self {
            case .topics: .pastIsBeingLost
            case .input: .inputMissing
            case .log: .usage
            case .offset: .offsetMissing
            }
        }
    }
}
