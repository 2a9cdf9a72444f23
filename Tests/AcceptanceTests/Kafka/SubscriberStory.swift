import Foundation
import Testing

/// A record of `lifecycle.changes` as a subscriber reads it, whatever its type.
struct PublishedEvent {
    struct Contents: Decodable {
        struct Channel: Decodable { let allowed: Bool }

        /// A stage change says it of each channel, a consent of its own.
        enum Contactable: Decodable {
            case byChannel([String: Channel])
            case thisChannel(Bool)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                do {
                    self = .thisChannel(try container.decode(Bool.self))
                } catch {
                    self = .byChannel(try container.decode([String: Channel].self))
                }
            }
        }

        let stage: String?
        let cycle: Int?
        let corrects: String?
        let channel: String?
        let actionKey: String?
        /// Why a step was not due.
        let why: String?
        let contactable: Contactable?

        enum CodingKeys: String, CodingKey {
            case stage, cycle, corrects, channel, contactable, why
            case actionKey = "action_key"
        }
    }

    let attributes: [String: String]
    let contents: Contents

    init(_ record: KafkaRecord) throws {
        attributes = record.attributes
        contents = try JSONDecoder().decode(Contents.self, from: Data(try #require(record.payload).utf8))
    }

    var type: String { attributes["ce_type", default: ""] }
    var id: String { attributes["ce_id", default: ""] }
    var customer: String { attributes["ce_subject", default: ""] }

    func isExpired(at now: Date) throws -> Bool {
        let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return try Date(attributes["ce_expirytime", default: ""], strategy: form) <= now
    }

    /// Whether a mailer may act on it at `now`.
    func isActable(at now: Date) throws -> Bool {
        guard attributes["ce_replaymode"] == "live", try !isExpired(at: now),
            case .byChannel(let channels) = contents.contactable
        else { return false }
        return channels["email"]?.allowed ?? false
    }
}

/// What `mailer.py` has to have in its outbox after it has read `changes` from the first on, said without its database.
struct Mails {
    static let query = "SELECT customer, stage, cycle, state, id FROM mails ORDER BY customer, stage, cycle"

    private struct Key: Hashable {
        let customer: String
        let stage: String
        let cycle: Int
    }

    private struct Mail {
        var state: String
        var isCorrected = false
        let id: String
    }

    private var mails: [Key: Mail] = [:]

    init(_ changes: [PublishedEvent], at now: Date = .now) throws {
        for change in changes {
            switch change.type {
            case "lifecycle.stage.changed.v1": try take(change, at: now)
            case "lifecycle.consent.changed.v1":
                guard change.contents.channel == "email", case .thisChannel(false)? = change.contents.contactable else {
                    break
                }
                takeBack { key, _ in key.customer == change.customer }
            case "lifecycle.profile.forgotten.v1":
                mails = mails.filter { $0.key.customer != change.customer }
            default: break
            }
        }
    }

    private mutating func take(_ change: PublishedEvent, at now: Date) throws {
        if let corrected = change.contents.corrects {
            takeBack(isCorrected: true) { _, mail in mail.id == corrected }
        }
        let stage = try #require(change.contents.stage)
        guard ["first_time_buyer", "at_risk", "dormant"].contains(stage) else { return }
        let cycle = stage == "first_time_buyer" ? 0 : try #require(change.contents.cycle)
        let key = Key(customer: change.customer, stage: stage, cycle: cycle)
        if let mail = mails[key], !mail.isCorrected { return }
        mails[key] = Mail(state: try change.isActable(at: now) ? "waits" : "not sent", id: change.id)
    }

    private mutating func takeBack(isCorrected: Bool = false, where isMeant: (Key, Mail) -> Bool) {
        for (key, mail) in mails where mail.state == "waits" && isMeant(key, mail) {
            mails[key] = Mail(state: "taken back", isCorrected: isCorrected, id: mail.id)
        }
    }

    /// As `query` gives them.
    var rows: [[String?]] {
        mails.sorted { ($0.key.customer, $0.key.stage, $0.key.cycle) < ($1.key.customer, $1.key.stage, $1.key.cycle) }
            .map { [$0.key.customer, $0.key.stage, "\($0.key.cycle)", $0.value.state, $0.value.id] }
    }

    var countByState: [String: Int] { mails.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }
}

/// What `mailer.py` has to have of contacts that were due, each once whatever became of the mailer.
struct Contacts {
    static let query = "SELECT customer, action_key, state FROM contacts ORDER BY customer, action_key"

    private struct Key: Hashable {
        let customer: String
        let key: String
    }

    private var contacts: [Key: (channel: String?, state: String)] = [:]
    private(set) var dueCount = 0

    init(_ changes: [PublishedEvent], at now: Date = .now) throws {
        for change in changes {
            switch change.type {
            case "lifecycle.action.due.v1":
                let key = Key(customer: change.customer, key: try #require(change.contents.actionKey))
                dueCount += 1
                if contacts[key] != nil { continue }
                contacts[key] = (change.contents.channel, try change.isExpired(at: now) ? "not sent" : "waits")
            case "lifecycle.consent.changed.v1":
                guard change.contents.channel == "email", case .thisChannel(false)? = change.contents.contactable else {
                    break
                }
                for (key, contact) in contacts where key.customer == change.customer {
                    guard contact.channel == "email", contact.state == "waits" else { continue }
                    contacts[key]?.state = "taken back"
                }
            case "lifecycle.profile.forgotten.v1":
                contacts = contacts.filter { $0.key.customer != change.customer }
            default: break
            }
        }
    }

    var rows: [[String?]] {
        contacts.sorted { ($0.key.customer, $0.key.key) < ($1.key.customer, $1.key.key) }
            .map { [$0.key.customer, $0.key.key, $0.value.state] }
    }
}

/// Made-up customers whose hours are what days are elsewhere, so that whole lives pass within the days in which a
/// change may still be acted on. Nobody's stage changes by silence while a test works: that is half an hour away.
struct Story {
    private static let policy = """
        policy: hours
        currency: EUR
        cycle ends after: 6 hours
        stages:
          - dormant:          silence > 6 hours
          - at_risk:          silence > 2 hours
          - active:           orders >= 2
          - first_time_buyer: orders >= 1
          - lead:             consent to any marketing
          - prospect:         otherwise
        contact: {limits: [2 emails per 1 hour]}
        actions:
          thanks:
            after: each order
            give up after: 20 days
            email service: {thank_you: at once}
            task: {tell: at once}
          hello:
            after: first consent to email marketing
            give up after: 20 days
            email marketing: {hello: at once}
          nudge:
            after: entering active
            email marketing: {more: 2 hours later}

        """
    private static let customerCount = 300

    private let end = Date.now.addingTimeInterval(-1_800)
    /// How many hours before the end each customer's last event was, and the orders that were not given back.
    private var customers: [(hours: Int, orders: [String])]
    private var eventCount = 0

    /// A tenth of the customers did all that they did too long ago to be acted on.
    init() {
        customers = (0..<Self.customerCount).map { ($0.isMultiple(of: 10) ? 240 : 60, []) }
    }

    /// Makes a shop with that policy and its topics.
    static func shop() throws -> KafkaShop {
        let shop = try KafkaShop()
        let file = shop.workplace.path + "/hours.yaml"
        try policy.write(toFile: file, atomically: false, encoding: .utf8)
        try shop.create(policy: file)
        return shop
    }

    /// Makes the next events, as lines `key|value`.
    mutating func events(_ count: Int, using generator: inout SeededGenerator) -> [String] {
        (0..<count).map { _ in
            // Visitors who came long ago are forgotten; some of them come back today.
            let visitor = Int.random(in: 0..<400, using: &generator)
            if visitor < 10 {
                let hours = Bool.random(using: &generator) ? 0 : 24 * 410
                return line("anonymousId", "v\(visitor)", "Product Viewed", hours, "", using: &generator)
            }
            return customerEvent(Int.random(in: 0..<Self.customerCount, using: &generator), using: &generator)
        }
    }

    private mutating func customerEvent(_ number: Int, using generator: inout SeededGenerator) -> String {
        let isFirst = [60, 240].contains(customers[number].hours)
        customers[number].hours = max(0, customers[number].hours - Int.random(in: 1...5, using: &generator))
        let name: String
        var properties = ""
        switch Int.random(in: 0..<20, using: &generator) {
        case 0...14 where isFirst, 0...2: name = "Email Subscribed"
        case 3: name = "Email Unsubscribed"
        case 4...6 where !customers[number].orders.isEmpty:
            name = "Order Cancelled"
            properties = #""order_id":"\#(customers[number].orders.removeLast())""#
        default:
            name = "Order Completed"
            let order = "o\(eventCount)"
            customers[number].orders.append(order)
            properties = #""order_id":"\#(order)","revenue":"\#(eventCount).00","currency":"EUR""#
        }
        return line("userId", "k\(number)", name, customers[number].hours, properties, using: &generator)
    }

    private mutating func line(
        _ kind: String, _ id: String, _ name: String, _ hours: Int, _ properties: String,
        using generator: inout SeededGenerator
    ) -> String {
        eventCount += 1
        let seconds = Int.random(in: 0..<600, using: &generator)
        let time = Orders.instantText(end.addingTimeInterval(TimeInterval(seconds - hours * 3_600)))
        return """
            \(id)|{"messageId":"m\(eventCount)","type":"track","event":"\(name)","\(kind)":"\(id)",\
            "timestamp":"\(time)","properties":{\(properties)}}
            """
    }
}
