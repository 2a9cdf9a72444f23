import Foundation
import Testing

extension OnKafka {
    /// What users were once mailed by other products: `Nobody is contacted by mistake`, by the hours of a real broker.
    @Suite struct `A contact on Kafka` {
        private static let importedCount = 20_000

        /// It is night now, and was when the processor went down.
        private static func policy(at now: Date, buyer: String = "buyer") -> String {
            let (begin, end) = (clock(now.addingTimeInterval(-5 * 3_600)), clock(now.addingTimeInterval(5 * 3_600)))
            return """
                policy: nights
                currency: EUR
                time zone: UTC
                stages: [{\(buyer): orders >= 1}, {visitor: otherwise}]
                contact: {quiet hours: "\(begin) to \(end)"}
                assume: {delivery promise: 48 hours}
                actions:
                  welcome:
                    after: first consent to email marketing
                    email marketing: {hello: at once}
                  thanks:
                    after: each order
                    email service: {thank_you: at once, survey: 1 minute later}
                  sorry:
                    after: each overdue delivery
                    email service: {apology: 1 minute later}
                  happy:
                    after: each resolved complaint
                    email service: {are_you_happy: at once}
                  birthday:
                    after: each birthday
                    give up after: 72 hours
                    task: {gift: day 0 at 00:00}

                """
        }

        private static func clock(_ time: Date) -> String {
            String(time.formatted(.iso8601).dropFirst("yyyy-MM-ddT".count).prefix("HH:mm".count))
        }

        private static func day(_ time: Date) -> String { "--" + time.formatted(.iso8601).prefix(10).dropFirst(5) }

        /// Events that a collector received when they happened, however long they have waited since.
        private struct Shop {
            let kafka: KafkaShop
            let now: Date
            private var eventCount = 0

            init(_ kafka: KafkaShop, at now: Date) {
                self.kafka = kafka
                self.now = now
            }

            func time(_ seconds: TimeInterval) -> String { Orders.instantText(now.addingTimeInterval(seconds)) }

            mutating func json(_ customer: String, _ name: String, _ seconds: TimeInterval, _ members: String) -> String
            {
                eventCount += 1
                let call =
                    name == "identify"
                    ? #""type":"identify","traits":{\#(members)}"#
                    : #""type":"track","event":"\#(name)","properties":{\#(members)}"#
                return """
                    {"messageId":"\(name)-\(eventCount)","userId":"\(customer)","timestamp":"\(time(seconds))",\
                    "receivedAt":"\(time(seconds))",\(call)}
                    """
            }

            /// Each `seconds` after `now`, behind an address for the customer's mails.
            mutating func tell(_ customer: String, _ events: (name: String, seconds: TimeInterval, members: String)...)
                throws
            {
                var lines = ["\(customer)|" + json(customer, "identify", -10 * 86_400, #""email":"a@example.org""#)]
                for event in events {
                    lines.append("\(customer)|" + json(customer, event.name, event.seconds, event.members))
                }
                try kafka.tools.produce(lines, to: kafka.input)
            }

            mutating func order(_ id: String, of customer: String, _ seconds: TimeInterval) throws {
                try tell(customer, ("Order Completed", seconds, #""order_id":"\#(id)","revenue":"10.00""#))
            }

            /// What became of each step, as `customer action/step/key due`, in the order of each customer.
            func outcomes() throws -> [String] {
                try kafka.tools.records(of: kafka.changesTopic).map(PublishedEvent.init).compactMap { event in
                    guard let key = event.contents.actionKey else { return nil }
                    let decision = event.type.split(separator: ".")[2]
                    return
                        (["\(event.customer.dropFirst(2)) \(key) \(decision)"] + [event.contents.why].compactMap(\.self))
                        .joined(separator: " ")
                }
            }
        }

        @Test func `is made when it is right, and never by mistake`() throws {
            let now = Date.now
            let kafka = try KafkaShop(partitions: 1, inputPartitions: 1)
            let files = try [Self.policy(at: now), Self.policy(at: now, buyer: "customer")].enumerated().map {
                let file = kafka.workplace.path + "/nights-\($0.offset).yaml"
                try $0.element.write(toFile: file, atomically: false, encoding: .utf8)
                return file
            }
            try kafka.create(policy: files[0])
            var shop = Shop(kafka, at: now)
            try importSignups(into: &shop, 0..<Self.importedCount, "--more")

            // While no processor runs. The night began an hour before.
            try shop.tell("gone", ("Email Subscribed", -4 * 3_600, ""), ("Email Unsubscribed", -2 * 3_600, ""))
            try shop.tell("asleep", ("Email Subscribed", -4 * 3_600, ""))
            try shop.order("o-late", of: "late", -2 * 86_400)
            try shop.order("o-never", of: "never", -5 * 86_400)
            try shop.tell("spam", ("Email Subscribed", -20 * 86_400, ""), ("Email Marked as Spam", -60, ""))
            var processor = try kafka.start()
            try kafka.drain(processor)

            // Now it is awake.
            let sinceNow = -now.timeIntervalSinceNow
            try shop.tell("new", ("Email Subscribed", sinceNow, ""))
            try shop.order("o-undone", of: "undone", sinceNow)
            try shop.tell("undone", ("Order Cancelled", sinceNow + 1, #""order_id":"o-undone""#))
            try shop.order("o-parcel", of: "parcel", sinceNow)
            try shop.tell(
                "parcel", ("Delivery Delayed", sinceNow, #""order_id":"o-parcel""#),
                ("Order Delivered", sinceNow + 1, #""order_id":"o-parcel""#))
            for day in [-1.0, 0] {
                try shop.tell("twice", ("identify", sinceNow + day, #""birthday":"\#(Self.day(now + day * 86_400))""#))
            }
            try shop.order("o-between", of: "between", sinceNow)
            try eventually("they are answered") {
                let outcomes = try shop.outcomes()
                return outcomes.contains("between thanks/thank_you/o-between due")
                    && outcomes.contains { $0.hasPrefix("twice ") }
            }
            // A step's instant passes, a policy is adopted and history imported before there is a tick again.
            try kafka.stop(processor)
            try eventually("the survey's instant passes", within: .seconds(90)) {
                now.addingTimeInterval(sinceNow + 61) < .now
            }
            try kafka.workplace.run(["policy", "adopt", files[1], "--yes"] + kafka.connection)
            try importSignups(into: &shop, Self.importedCount..<Self.importedCount + 100, "--more")
            processor = try kafka.start()
            try eventually("the survey is sent") {
                try shop.outcomes().contains("between thanks/survey/o-between due")
            }
            try kafka.stop(processor)
            try expect(shop.outcomes(), at: now)
        }

        private func importSignups(into shop: inout Shop, _ numbers: Range<Int>, _ words: String...) throws {
            let file = shop.kafka.workplace.path + "/signups-\(numbers.lowerBound).ndjson"
            let lines = numbers.map { shop.json("old\($0)", "Email Subscribed", -TimeInterval($0 % 90_000), "") }
            try lines.joined(separator: "\n").write(toFile: file, atomically: false, encoding: .utf8)
            try shop.kafka.workplace.run(["import", file] + words + shop.kafka.connection)
        }

        private func expect(_ outcomes: [String], at now: Date) throws {
            func of(_ customer: String) -> [String] { outcomes.filter { $0.hasPrefix(customer + " ") } }
            #expect(outcomes.filter { $0.hasPrefix("old") } == [])
            #expect(of("gone") == ["gone welcome/hello/customer suppressed no_consent"])
            for customer in ["asleep", "late"] { #expect(of(customer) == [], "\(customer)") }
            // Nobody is sorry for what the shop never says, and it is too late for thanks.
            #expect(of("never") == ["thank_you", "survey"].map { "never thanks/\($0)/o-never suppressed too_late" })
            #expect(!outcomes.contains { $0.contains("are_you_happy") })
            #expect(of("new") == ["new welcome/hello/customer due"])
            #expect(of("undone").contains("undone thanks/survey/o-undone cancelled while"))
            #expect(!of("undone").contains("undone thanks/survey/o-undone due"))
            #expect(of("parcel").contains("parcel sorry/apology/o-parcel cancelled while"))
            #expect(!of("parcel").contains("parcel sorry/apology/o-parcel due"))
            let isNewYear = Self.day(now) == "--01-01"
            #expect(of("twice").count == (isNewYear ? 2 : 1))
            #expect(of("between") == ["between thanks/thank_you/o-between due", "between thanks/survey/o-between due"])
        }
    }
}
