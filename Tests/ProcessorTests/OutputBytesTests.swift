import Brokers
import CustomerLifecycle
import PolicyLanguage
import Storage
import Testing
import Wire

@testable import Processor

/// The published bytes are part of the contract with subscribers, whatever code makes them.
@Suite struct `The bytes published` {
    @Test(arguments: UInt64(1)...16)
    func `are what the slow and obvious way writes, whatever happens`(seed: UInt64) throws {
        var history = try RandomHistory(seed: seed)
        try history.write()
        try history.checkFold()
    }

    @Test func `were compared for everything that an output can say`() throws {
        var seen = ""
        for seed in UInt64(1)...4 {
            var history = try RandomHistory(seed: seed)
            try history.write()
            seen += try history.checkFold().map(\.description).joined()
        }
        for text in [
            "\"trigger\":\"event\"", "\"trigger\":\"silence\"", "\"trigger\":\"correction\"", "\"trigger\":\"policy\"",
            "\"previous_stage\":null", "\"corrects\":\"1-0-", "\"late_by_seconds\":", "\"forecast\":null",
            "\"forecast\":{", "\"unit\":null", "\"unit\":\"flag\"", "\"unit\":\"instant\"", "\"unit\":\"minor_units\"",
            "\"unit\":\"thousandths\"", "\"facts_count\":11,", "\"evidence_count\":12}", "\"kind\":\"complaint\"",
            "\"kind\":\"review\"", "\"contactable\":{\"email\":{\"allowed\":false", "\"allowed\":true",
            "\"consents_count\":2", "\"locale\":\"de\"", "\"locale\":null", "\"timezone\":\"Europe/\\\"Köln\\\"\"",
            "\"truncated\":true", "u:q\\\"uo\\n\\u0001ted\"", "a:\u{1F600}", "\u{FFFD}", "backfill", "review-20",
            "\"version\":2", "lifecycle/shop1/2", "\"first_order_at\":null",
        ] {
            let isSeen = seen.contains(text)
            #expect(isSeen, "\(text)")
        }
    }
}

/// A log of one partition with every kind of record, and its fold in turns.
struct RandomHistory {
    private let workshop: Workshop
    private var random: SeededGenerator
    private let producer: Workshop.Broker.Producer
    private let writer: LogWriter<Workshop.Broker.Producer>
    private var messageCount = 0

    private static let people = ["anna", "q\"uo\n\u{1}ted", "b\u{FC}rger\\", "a:\u{1F600}", "a:visitor-7", "c"]

    private static let policies = [
        """
        policy: first "one"
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 60 days
        assume:
          gap between orders: 30 days
        define:
          patience: 2 * usual gap, at least 20 days, at most 60 days
          counted:  orders >= 3 and orders > 2 and orders < 400 and orders <= 399 and orders >= 2 and orders > 1
          valued:   revenue > 0 EUR and revenue >= 1 EUR and revenue < 1000000 EUR and cycle >= 1
        stages:
          - lost:    silence > 90 days
          - sleepy:  silence > patience
          - many:    orders >= 12 and revenue >= 10 EUR
          - several: counted and valued and silence before last order > 1 hour
          - upset:   open complaints >= 1
          - fan:     last review >= 4 of 5 or last survey >= 9 of 10
          - buyer:   orders in last 50 days >= 1
          - quiet:   orders >= 1
          - reader:  identified and consent to any marketing
          - curious: last seen is known and since last seen <= 10 days
          - unheard: last survey is unknown
          - visitor: otherwise
        segments:
          recent:  orders in last 20 days >= 1 and not stage is lost
          dear:    revenue >= 60 EUR or last review >= 4 of 5
          stuck:   since stage entered > 15 days
          cheap:   total cost < 1 EUR
        contact:
          limits: [1 email per 2 days]
          quiet hours: 21:00 to 08:00
          pause while: open complaints >= 1
          hold out: 20 %
          cost: {email: 2 EUR per 1000}
        actions:
          thanks:
            after: each order
            once per: 2 days
            email service: {thank_you: at once}
            task: {note: 3 hours later}
          hello:
            after: first consent to email marketing
            while: orders <= 1
            email marketing: {hello: at once, more: day 2 at 09:00}
          again:
            after: joining recent
            while: revenue >= 1 EUR and orders >= 1
            give up after: 10 days
            email marketing: {again: 2 hours later}
        experiments:
          tone: {in: [thanks], variants: {soft: 50 %, hold_out: 50 %}}
        """,
        """
        policy: second
        currency: USD
        stages:
          - gone:    silence > 40 days and not consent to any marketing
          - loyal:   orders >= 2
          - visitor: otherwise
        segments:
          stuck:   since stage entered > 30 days
          new:     since first seen <= 12 days
        """,
    ]

    init(seed: UInt64) throws {
        workshop = try Workshop(policy: Self.policies[0])
        random = SeededGenerator(seed)
        producer = try workshop.broker.producer(transactionalID: "history")
        writer = LogWriter(names: workshop.names, partitionCount: 1, settings: Workshop.routerSettings)
        workshop.clock.set(Rows.start)
    }

    // MARK: What happens

    mutating func write() throws {
        for step in 0..<240 {
            pass(.hours(Int64.random(in: 0...40, using: &random)))
            switch Int.random(in: 0..<20, using: &random) {
            case 0: try append(.tick, .tick)
            case 1: try append(.caughtUp, .caughtUp)
            case 2: pass(.days(Int64.random(in: 0...70, using: &random)))
            default: try appendEvent()
            }
            if step == 150 { try adopt(2) }
            if step == 190 {
                try append(.generation, .generation(GenerationRecord(number: 2, foldVersion: LogFold.version)))
            }
        }
        try appendHostileSubject()
        // Visitors are forgotten.
        pass(.days(500))
        try append(.tick, .tick)
    }

    private func pass(_ time: Milliseconds) { workshop.clock.set(now + time) }
    private var now: Instant { Instant(milliseconds: workshop.clock.nowMilliseconds()) }

    private func adopt(_ number: UInt32) throws {
        let compiled = PolicyCompiler.compile(Self.policies[Int(number) - 1])
        #expect(compiled.errors.isEmpty)
        try append(.adoption, .adoption(AdoptedPolicy(number: number, text: compiled.text, zones: compiled.zones)))
    }

    private func append(_ kind: LogKind, _ contents: LogContents) throws {
        var value = ByteWriter()
        value.append(LogHeader(own: kind, claimed: now), contents)
        try producer.begin()
        try producer.produce(value, to: workshop.names.log(0))
        _ = try producer.end()
    }

    private mutating func appendEvent() throws {
        // Half of all events are one customer's.
        let person = Self.people[max(0, Int.random(in: -5..<Self.people.count, using: &random))]
        // Most events are of the present instant; some come late, and some from an archive.
        let late = Bool.random(using: &random) ? 0 : Int64.random(in: 0...40, using: &random)
        let isBackfill = Int.random(in: 0..<4, using: &random) == 0
        messageCount += 1
        let isAnonymous = person.hasPrefix("a:")
        var envelope = StorefrontJSON.Envelope(
            messageID: "m\"\(messageCount)\" \u{E9}", user: isAnonymous ? nil : person,
            anonymous: isAnonymous ? String(person.dropFirst(2)) : nil, at: now - .days(late))
        if messageCount % 5 == 0 {
            envelope.locale = "de"
            envelope.timeZone = "Europe/\"K\u{F6}ln\""
        }
        try append(Self.action(&random), envelope, isBackfill ? .backfill : .live)
    }

    private func append(
        _ action: StorefrontJSON.Action, _ envelope: StorefrontJSON.Envelope, _ mode: RouterInput.Mode
    ) throws {
        var json = StorefrontJSON()
        json.append(action, envelope)
        try producer.begin()
        let appended: Result<Result<Int, Rejection>, any Error> = json.withPaddedBytes { value in
            let input = RouterInput(value: value, kafkaTime: now, clock: now, mode: mode)
            return Result { try writer.append(input, from: .none, to: producer) }
        }
        _ = try appended.get().get()
        _ = try producer.end()
    }

    private static func action(_ random: inout SeededGenerator) -> StorefrontJSON.Action {
        let number = Int.random(in: 0..<60, using: &random)
        let id = ["o\(number)", "o-\"\(number)\"", "\u{F6}\(number)\\"][number % 3]
        let isDollars = number % 7 == 0
        let currency = Currency((isDollars ? "USD" : "EUR").utf8)
        let money = currency.map { Money(minorUnits: Int64(number) * 199, currency: $0) }
        let channel: Channel = number % 2 == 0 ? .email : .post
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return .identified(email: "x", phone: nil, firstName: "y", birthday: "--02-29")
        case 1: return .subscribed(channel, list: nil)
        case 2: return .unsubscribed(channel, list: nil)
        case 3: return .complaintOpened(id: "k\(number)")
        case 4: return .complaintResolved(id: "k\(number)")
        case 5: return .reviewed(product: "p\(number)", review: id, rating: 1 + number % 5, scale: 5)
        case 6: return .surveyAnswered(score: number % 11, scale: 10)
        case 7: return .viewed(url: nil)
        case 8: return .orderCancelled(id: id)
        case 9: return .orderRefunded(id: id, refund: "r\(number)", amount: money)
        case 10: return .subscribed(channel, list: "list \"\(number % 3)\"")
        // There are more refunds of one order than are kept.
        case 11...14: return .orderRefunded(id: "o3", refund: "r\(number)", amount: nil)
        default: return .orderCompleted(StorefrontJSON.Order(id: id, revenue: money, coupon: isDollars ? "x" : nil))
        }
    }

    /// No router writes a subject that is not UTF-8. A fold that meets one all the same must not trap, nor publish it
    /// twice.
    private func appendHostileSubject() throws {
        let json = Array(#"{"type":"track","event":"Product Viewed","messageId":"m","userId":"x"}"#.utf8)
        var value = ByteWriter()
        let original = json.withUnsafeBytes { SHA256Digest(of: $0) }
        let header = LogHeader(kind: .event, claimed: now, received: now, origin: .none, original: original)
        json.withUnsafeBytes { value.append(header, .event($0)) }
        try producer.begin()
        try Array("u:\u{E9}\"".utf8.dropLast(2) + [0x22]).withUnsafeBytes { key in
            try producer.produce(value, key: key, to: workshop.names.log(0))
        }
        _ = try producer.end()
    }

    // MARK: What is published

    /// Folds the log in turns, some of them taken back, and compares what the publishers produce with `PlainOutputs`.
    @discardableResult
    mutating func checkFold() throws -> [Produced] {
        let names = Names(prefix: "shop1.")
        let fold = LogFold(index: 0, cache: workshop.cache)
        let changes = ChangePublisher(names: names, partition: 0)
        let customers = CustomerPublisher(names: names, partition: 0)
        let end = try workshop.broker.end(of: workshop.names.log(0))
        var all: [Produced] = []
        while fold.next < end || fold.isWithinRecord {
            let taken = TakingProducer()
            var expected: [Produced] = []
            fold.beginTurn()
            try takeTurn(fold, outputCountMax: Int.random(in: 1...3, using: &random)) { outcome in
                let before = taken.byteCount
                let byteCount = try changes.publish(outcome, of: fold, to: taken)
                #expect(byteCount == taken.byteCount - before)
                expected += Self.expected(outcome, of: fold, names)
            }
            let before = taken.byteCount
            #expect(try customers.publish(fold, to: taken) == taken.byteCount - before)
            expected += PlainOutputs(fold, names: names)?.rows() ?? []
            #expect(taken.records == expected)
            if Int.random(in: 0..<5, using: &random) == 0 { fold.abandonTurns() } else { fold.commitTurn() }
            all += expected
        }
        return all
    }

    private static func expected(_ outcome: Outcome, of fold: LogFold, _ names: Names) -> [Produced] {
        guard let plain = PlainOutputs(fold, names: names) else { return [] }
        let id = fold.messageID.isEmpty ? nil : String(decoding: fold.messageID, as: UTF8.self)
        var expected: [Produced] = []
        outcome.lendEachDescribed { head, output, description, subject in
            expected.append(plain.output(output, head, description, of: subject, causedBy: id))
        }
        return expected
    }

    private mutating func takeTurn(
        _ fold: LogFold, outputCountMax: Int, _ publish: (Outcome) throws -> Void
    ) throws {
        var outcome = Outcome(describes: true)
        let countMax = Int.random(in: 1...40, using: &random)
        func proceed() throws {
            var isDone = false
            while !isDone {
                outcome.removeAll()
                isDone = fold.proceed(outputCountMax: outputCountMax, into: &outcome)
                try publish(outcome)
            }
        }
        if fold.isWithinRecord { try proceed() }
        let reader = try workshop.broker.reader(of: workshop.names.log(0), from: fold.next)
        _ = try reader.read(countMax: countMax) { records in
            for record in records {
                outcome.removeAll()
                let isDone = try fold.fold(record, into: &outcome)
                try publish(outcome)
                if !isDone { try proceed() }
            }
        }
    }
}

/// A producer that keeps copies of its records.
private final class TakingProducer: TransactionalProducer {
    private(set) var records: [Produced] = []

    /// How many bytes the values and headers have.
    var byteCount: Int { records.reduce(0) { $0 + ($1.value?.count ?? 0) + ($1.headers?.count ?? 0) } }

    func begin() throws(BrokerError) {}
    func produce(_ record: OutgoingRecord) throws(BrokerError) { records.append(Produced(record)) }
    func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError) {}
    func end() throws(BrokerError) -> CommitOutcome { .committed }
    func abort() throws(BrokerError) {}
}
