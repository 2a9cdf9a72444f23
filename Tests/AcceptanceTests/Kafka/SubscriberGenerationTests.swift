import Foundation
import Testing

extension OnKafka {
    /// What takes years in a shop, made by hand: an upgrade of the log, visitors who are forgotten and come back, types
    /// of later releases, and a topic that is read twice.
    @Suite(.wherePackagesCome) struct `A subscriber of made-up changes on Kafka` {
        private let shop: KafkaShop
        private let mailer: ExampleProgram
        private let warehouse: ExampleProgram

        init() throws {
            shop = try KafkaShop()
            for topic in [shop.changesTopic, shop.prefix + "lifecycle.customers"] {
                try shop.tools.createTopic(topic, partitions: 1)
            }
            mailer = ExampleProgram("mailer", for: shop)
            warehouse = ExampleProgram("warehouse", for: shop)
        }

        private func publish(_ changes: MadeChange...) throws {
            for change in changes {
                try shop.tools.produce(
                    Array(change.value.utf8), key: change.customer, headers: change.headers, to: shop.changesTopic)
            }
        }

        private func standing() throws -> [String] {
            try mailer.query(Mails.query).map { $0.map { $0 ?? "" }.joined(separator: " ") }
        }

        @Test func `takes a restated profile for all that was before, and does nothing because of it`() throws {
            try mailer.finish()
            try publish(
                MadeChange(1, "u:a", 1, .stage("first_time_buyer")), MadeChange(2, "u:b", 1, .stage("prospect")),
                MadeChange(3, "u:gone", 1, .stage("active")),
                MadeChange(4, "u:a", 1, .restated("at_risk"), generation: 2),
                MadeChange(5, "u:b", 1, .restated("first_time_buyer"), generation: 2))
            #expect(try mailer.finish() == "welcome to u:a, first_time_buyer\n")
            // What the older generation said, read again, is neither news nor counted.
            try mailer.goBack()
            try publish(
                MadeChange(2, "u:b", 1, .stage("prospect")),
                MadeChange(6, "u:a", 2, .stage("dormant"), generation: 2),
                MadeChange(7, "u:a", 3, .stage("at_risk"), generation: 2))
            #expect(try mailer.finish() == "win_back to u:a, dormant\n")
            #expect(
                try standing() == [
                    "u:a at_risk 1 not sent ", "u:a dormant 1 waits 2-0-6-0", "u:a first_time_buyer 0 waits 1-0-1-0",
                    "u:b first_time_buyer 0 not sent ",
                ])
            let report = WarehouseReport(try warehouse.finish("--report"))
            #expect(report.customers == ["at_risk": 1, "first_time_buyer": 1] && report.gapCount == 0)
        }

        @Test func `forgets who is forgotten, and begins anew with who comes back`() throws {
            try publish(
                MadeChange(1, "a:v", 1, .stage("prospect"), life: 1),
                MadeChange(2, "a:w", 1, .stage("prospect"), life: 2),
                MadeChange(3, "a:v", 2, .forgotten, life: 1), MadeChange(4, "a:w", 2, .forgotten, life: 2),
                MadeChange(5, "a:v", 1, .stage("first_time_buyer"), life: 5))
            for _ in 0..<2 {
                let report = WarehouseReport(try warehouse.finish("--report"))
                #expect(report.customers == ["first_time_buyer": 1] && report.gapCount == 0)
                #expect(try warehouse.query("SELECT count(*), count(data) FROM changes") == [["5", "1"]])
                try warehouse.goBack()
            }
            try mailer.finish()
            for mails in ["welcome to a:v, first_time_buyer\n", ""] {
                try mailer.query("UPDATE offsets SET next = 0")
                #expect(try mailer.finish() == mails)
                #expect(try mailer.query("SELECT * FROM customers") == [["a:v", "1", "5", "1"]])
            }
        }

        @Test func `passes over what it does not know, and misses what is not there`() throws {
            try mailer.finish()
            try publish(
                MadeChange(1, "u:a", 1, .stage("prospect")), MadeChange(2, "u:a", 2, .ofLaterRelease),
                MadeChange(3, "u:a", 3, .stage("first_time_buyer")), MadeChange(5, "u:b", 2, .stage("prospect")))
            #expect(try mailer.finish() == "welcome to u:a, first_time_buyer\n")
            #expect(
                try warehouse.finish("--report").contains(
                    "gap: u:b, generation 1, life 0: 1 changes, numbered 2 to 2\n1 gaps\n"))
        }
    }
}

/// A change as `lifecycle` publishes it, as far as the programs look.
private struct MadeChange {
    enum Kind {
        case stage(String)
        case restated(String)
        case forgotten
        case ofLaterRelease
    }

    let customer: String
    let value: String
    let headers: [String]

    init(_ number: Int, _ customer: String, _ sequence: Int, _ kind: Kind, generation: Int = 1, life: Int = 0) {
        let type: String
        var members = #""customer_id":"\#(customer)""#
        switch kind {
        case .stage(let stage), .restated(let stage):
            members += #"""
                ,"stage":"\#(stage)","cycle":1,"corrects":null,"orders":\#(stage == "prospect" ? 0 : 1),\#
                "revenue":{"amount":1000,"currency":"EUR"},"revenue_is":"exact",\#
                "contactable":{"email":{"allowed":true}}
                """#
            if case .stage = kind {
                type = "lifecycle.stage.changed.v1"
            } else {
                type = "lifecycle.profile.restated.v1"
            }
        case .forgotten: type = "lifecycle.profile.forgotten.v1"
        case .ofLaterRelease: type = "lifecycle.reward.granted.v1"
        }
        self.customer = customer
        value = "{\(members)}"
        headers = [
            "ce_id=\(generation)-0-\(number)-0", "ce_source=/lifecycle/default/\(generation)", "ce_type=\(type)",
            "ce_subject=\(customer)", "ce_time=\(Orders.instantText(.now))", "ce_life=0-\(life)",
            "ce_sequence=\(String(10_000_000_000 + sequence).dropFirst())",
            "ce_expirytime=\(Orders.instantText(.now.addingTimeInterval(3_600)))", "ce_replaymode=live",
            "ce_logpartition=0",
        ]
    }
}
