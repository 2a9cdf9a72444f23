import Foundation
import Glibc
import Testing

extension OnKafka {
    /// The programs of `schemas/examples`, which subscribers copy, on what a shop publishes.
    @Suite(.wherePackagesCome) struct `A subscriber on Kafka` {
        private static let roundCount = 8

        @Test func `that is killed again and again mails once, misses nothing, and counts as the shop does`() throws {
            let shop = try Story.shop()
            var generator = SeededGenerator(seed: 20_261_130)
            var story = Story()
            var processor = try shop.start()
            let mailer = ExampleProgram("mailer", for: shop)
            let warehouse = ExampleProgram("warehouse", for: shop)
            let lateMailer = ExampleProgram("mailer", database: "late", for: shop)
            // It begins before there is a customer, so that no change is for its past.
            try mailer.finish()
            for program in [mailer, warehouse] { try program.start() }
            for round in 0..<Self.roundCount {
                try shop.tools.produce(story.events(300, using: &generator), to: shop.input)
                if round == Self.roundCount / 2 { try lateMailer.start() }
                pass(Duration.milliseconds(Int.random(in: 0..<1_500, using: &generator)))
                try mailer.crash()
                if round.isMultiple(of: 2) {
                    try shop.kill(processor)
                    processor = try shop.start()
                }
                pass(Duration.milliseconds(Int.random(in: 0..<500, using: &generator)))
                try warehouse.crash()
                if round > Self.roundCount / 2 { try lateMailer.crash() }
                if round == Self.roundCount - 2 {
                    for program in [mailer, warehouse] { try program.goBack() }
                }
            }
            try shop.drain(processor)
            try shop.stop(processor)
            for program in [mailer, lateMailer] { try program.finish() }

            let changes = try shop.tools.records(of: shop.changesTopic).map(PublishedEvent.init)
            #expect(
                Set(changes.map(\.type)).isSuperset(of: [
                    "lifecycle.stage.changed.v1", "lifecycle.consent.changed.v1", "lifecycle.profile.forgotten.v1",
                    "lifecycle.action.due.v1",
                ]))
            let expected = try Mails(changes)
            print("\(changes.count) changes, mails: \(expected.countByState)")
            let found = try mailer.query(Mails.query)
            #expect(Set(found).symmetricDifference(expected.rows) == [])
            #expect(found.count == expected.rows.count)
            #expect(expected.countByState.keys.sorted() == ["not sent", "taken back", "waits"])
            let contacts = try Contacts(changes)
            print("\(contacts.dueCount) contacts fell due")
            // No key falls due twice, and none is written twice.
            #expect(contacts.dueCount >= contacts.rows.count && contacts.dueCount > 100)
            #expect(try mailer.query(Contacts.query) == contacts.rows)
            let places = "SELECT * FROM customers ORDER BY customer"
            #expect(try lateMailer.query(places) == mailer.query(places))
            try check(warehouse, of: shop, recordCount: changes.count)
        }

        @Test func `loses nothing and doubles nothing wherever it is killed`() throws {
            let shop = try Story.shop()
            var generator = SeededGenerator(seed: 7)
            var story = Story()
            let mailer = ExampleProgram("mailer", for: shop)
            let warehouse = ExampleProgram("warehouse", for: shop)
            try mailer.finish()
            let processor = try shop.start()
            try shop.tools.produce(story.events(900, using: &generator), to: shop.input)
            try shop.drain(processor)
            try shop.stop(processor)
            let changes = try shop.tools.records(of: shop.changesTopic).map(PublishedEvent.init)
            let kills = try [mailer, warehouse].map {
                try $0.finishWhileKilled(beforeStatementUpTo: 3_000, using: &generator)
            }
            print("\(changes.count) changes, killed \(kills) times")
            #expect(kills.allSatisfy { (1..<100).contains($0) })
            #expect(try mailer.query(Mails.query) == Mails(changes).rows)
            #expect(try mailer.query(Contacts.query) == Contacts(changes).rows)
            try check(warehouse, of: shop, recordCount: changes.count)
        }

        @Test(arguments: ["mailer", "warehouse"])
        func `that is told a wrong prefix ends with 2, and with a line that names the topic`(name: String) throws {
            let run = try ExampleProgram(name, for: Story.shop()).runForNoShop()
            #expect(run.code == 2)
            #expect(run.errors.hasPrefix("\(name).py: no.such.lifecycle.changes: "), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }

        private func check(_ warehouse: ExampleProgram, of shop: KafkaShop, recordCount: Int) throws {
            let report = WarehouseReport(try warehouse.finish("--report"))
            #expect(report.gapCount == 0)
            #expect(report.customers == (try shop.ask("stages", as: StagesAnswer.self)).inhabited)
            let everything = "SELECT * FROM changes ORDER BY source, id"
            let before = try warehouse.query(everything)
            #expect(before.count == recordCount)
            #expect(WarehouseReport(try warehouse.finish("--rebuild", "--report")) == report)
            #expect(try warehouse.query(everything) == before)
        }

        /// Reads the outputs with the library of the CloudEvents project, in both modes.
        @Test func `sees by CloudEvents' own library what watch prints`() throws {
            let shop = try Story.shop()
            var generator = SeededGenerator(seed: 1)
            var story = Story()
            let processor = try shop.start()
            try shop.tools.produce(story.events(400, using: &generator), to: shop.input)
            try shop.drain(processor)
            try shop.stop(processor)
            let count = try shop.tools.records(of: shop.changesTopic).count
            let watched = try shop.workplace.run(
                ["watch", "--from", "beginning", "--count", "\(count)", "--json"] + shop.connection)
            let file = shop.workplace.path + "/watched.ndjson"
            try watched.output.write(toFile: file, atomically: false, encoding: .utf8)
            let run = try shop.tools.run(
                Python.program(), ["-c", Self.comparison, Settings.servers, shop.changesTopic, file])
            #expect(run.output == "\(count) events are equal\n")
        }

        private static let comparison = """
            import sys
            from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
            from cloudevents.core.formats.json import JSONFormat
            from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

            servers, topic, printed = sys.argv[1:]
            expected = {}
            for line in open(printed, encoding="utf-8"):
                event = JSONFormat().read(None, line)
                expected[event.get_source(), event.get_id()] = event
            consumer = Consumer({
                "bootstrap.servers": servers, "group.id": topic, "isolation.level": "read_committed",
                "enable.auto.commit": False, "enable.partition.eof": True})
            partitions = consumer.list_topics(topic).topics[topic].partitions
            consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
            count, unread = 0, set(partitions)
            while unread:
                record = consumer.poll(30)
                if record.error():
                    unread.discard(record.partition())
                    continue
                found = from_binary_event(KafkaMessage(dict(record.headers()), record.key(), record.value()))
                event = expected.pop((found.get_source(), found.get_id()))
                assert found.get_attributes() == event.get_attributes(), (found, event)
                assert found.get_data() == event.get_data(), (found, event)
                count += 1
            assert not expected, expected
            print(count, "events are equal")
            """
    }
}

/// What `warehouse.py --report` prints.
struct WarehouseReport: Equatable {
    private(set) var customers: [String: Int] = [:]
    private(set) var revenue: [String: String] = [:]
    private(set) var gapCount: Int?

    init(_ text: String) {
        for line in text.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            if words.last == "gaps" {
                gapCount = Int(words[0])
            } else if words.count > 2, let count = Int(words[1]) {
                customers[words[0], default: 0] += count
                revenue[words[0], default: ""] += words[2...].joined(separator: " ")
            }
        }
    }
}
