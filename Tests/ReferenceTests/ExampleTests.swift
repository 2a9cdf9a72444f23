import CustomerLifecycle
import PolicyLanguage
import Testing
import Wire

/// Each example that `policy check` prints, sent as a shop sends its events, and folded as the log is.
@Suite struct `An example customer` {
    @Test func `of the built-in policy stands at each rule`() throws {
        let tally = try ExampleTally(.standard)
        #expect(tally.astray == [])
        #expect(tally.foundCount == 11)
        #expect(tally.missing == [])
    }

    /// The policies of the reference's cases: every fact that is built, every operator, definitions, nesting.
    @Test func `of a random policy stands at its rule`() throws {
        var policyCount = 0
        var tally = ExampleTally()
        for reference in try ReferenceCase.all.get().prefix(600) {
            let compiled = PolicyCompiler.compile(Array(reference.policy.utf8), fileName: reference.id)
            guard compiled.policy != nil else {
                #expect(ExampleSearch.findings(for: compiled).isEmpty)
                continue
            }
            policyCount += 1
            try tally.add(compiled)
        }
        #expect(tally.astray == [])
        #expect(policyCount >= 100)
        #expect(tally.foundCount >= 400)
        let waiting = tally.missing.filter { $0.hasSuffix(" until friends are followed") }
        #expect(waiting.count <= 40, "\(waiting)")
        // No customer can be there: `10 * orders = 3`, `cycle < 1`, `cart value is unknown`, `last seen is unknown`
        // of who did anything, `delivery overdue` without an order, below a line that is always true such as
        // `identified is known`. Half of these policies have such a line.
        let others = tally.missing.filter { !waiting.contains($0) }
        #expect(others.count <= 105, "\(others)")
    }
}

/// What became of a policy's examples.
private struct ExampleTally {
    private(set) var foundCount = 0
    /// The rules for which none was found, and why.
    private(set) var missing: [String] = []
    /// The rules whose example stands elsewhere.
    private(set) var astray: [String] = []

    init() {}

    init(_ compiled: CompiledPolicy) throws { try add(compiled) }

    mutating func add(_ compiled: CompiledPolicy) throws {
        let policy = try #require(compiled.policy)
        for (rule, finding) in ExampleSearch.findings(for: compiled).enumerated() {
            let name = "\(compiled.fileName):\(policy.rules[rule].line)"
            switch finding {
            case .none(let reason):
                missing.append("\(name): \(compiled.source(line: policy.rules[rule].line)): \(reason)")
            case .found(let example):
                foundCount += 1
                let standing = try example.ruleOnTheWire(under: policy)
                if standing != rule { astray.append("\(name): \(example.history), at rule \(standing)") }
            }
        }
    }
}

extension RuleExample {
    /// The rule that the customer stands at whose events come as JSON, each appended when it happened.
    fileprivate func ruleOnTheWire(under policy: Policy) throws -> Int {
        let router = Router(policy.currency)
        var partition = Partition(policy: policy)
        var outcome = Outcome(describes: false)
        let judge = Judge(under: policy)
        var said = Said()
        let subject = Array((isIdentified ? "u:1" : "a:1").utf8)
        for (number, event) in events.enumerated() {
            let json = Array(event.json(number: number, isIdentified: isIdentified).utf8)
            var (event, record) = try router.route(json, to: Int64(number), before: Self.asOf)
            subject.withUnsafeBytes { partition.fold(&event, of: $0, hash: 7, in: record, into: &outcome) }
        }
        let end = RecordContext(offset: Int64(events.count), appended: Self.asOf)
        partition.tick(at: Self.asOf, in: end, into: &outcome)
        let isKnown: Void? = subject.withUnsafeBytes { subject in
            partition.withSubject(subject, hash: 7) { $0.read(into: &judge.facts, &said) }
        }
        try #require(isKnown != nil)
        judge.read()
        let standing = judge.evaluate(at: Self.asOf)
        // What was published last is the stage of that rule.
        try #require(said.stage == policy.rules[standing.rule].stage)
        return standing.rule
    }
}

extension ExampleEvent {
    /// As VOCABULARY has a shop send it.
    fileprivate func json(number: Int, isIdentified: Bool) -> String {
        let (kind, members) = wire
        let id = isIdentified ? #""userId":"1""# : #""anonymousId":"1""#
        let about = context.map { #"\#(id),"context":{\#($0)}"# } ?? id
        return #"{"messageId":"m\#(number)","timestamp":"\#(instant.rfc3339)",\#(about),"type":"\#(kind)",\#(members)}"#
    }

    private var wire: (type: String, members: String) {
        switch kind {
        case .visited: ("page", #""name":"Home""#)
        case .identified(let profile): ("identify", #""traits":{\#(traits(profile))}"#)
        case .ordered(let order): track("Order Completed", order.properties)
        case .cancelled(let order): track("Order Cancelled", #""order_id":"o\#(order)""#)
        case .consented: track("Segment Consent Preference Updated", "")
        case .complained(let complaint): track("Complaint Opened", #""complaint_id":"c\#(complaint)""#)
        case .resolved(let complaint): track("Complaint Resolved", #""complaint_id":"c\#(complaint)""#)
        case .reviewed(let product, let score):
            track("Product Reviewed", #""product_id":"p\#(product)","rating":\#(score.thousandths),"scale":1000"#)
        case .answered(let score): track("Survey Answered", #""score":\#(score.thousandths),"scale":1000"#)
        case .shared: track("Product Shared", #""share_via":"email""#)
        case .subscribed(let channel): track("\(channel) Subscribed", "")
        case .unsubscribed(let channel): track("\(channel) Unsubscribed", "")
        case .bounced(let channel): track(channel == .push ? "Push Notification Bounced" : "\(channel) Bounced", "")
        case .carted(let product, let price):
            track("Product Added", #""product_id":"p\#(product)""# + (price.map { ",\($0.members("price"))" } ?? ""))
        case .uncarted(let product): track("Product Removed", #""product_id":"p\#(product)""#)
        case .shipped(let order, let promised):
            track("Order Shipped", #""order_id":"o\#(order)","promised_at":"\#(promised.rfc3339)""#)
        case .delivered(let order): track("Order Delivered", #""order_id":"o\#(order)""#)
        case .acquired(let amount):
            track("Marketing Cost Recorded", #""kind":"acquisition","cost_id":"1",\#(amount.members("amount"))"#)
        }
    }

    private var context: String? {
        var members: [String] = []
        if case .consented(let channel, let purpose) = kind {
            members.append(#""consent":{"categoryPreferences":{"\#(channel)_\#(purpose.text)":true}}"#)
        }
        if let source { members.append(#""campaign":{"source":"\#(source.name)"}"#) }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }

    private func track(_ name: String, _ properties: String) -> (String, String) {
        ("track", #""event":"\#(name)","properties":{\#(properties)}"#)
    }

    private func traits(_ profile: Profile) -> String {
        let traits: [(Profile, String)] = [
            (.email, #""email":"ada@example.org""#), (.phone, #""phone":"+33612345678""#), (.name, #""name":"Ada""#),
            (.birthday, #""birthday":"1990-05-14""#),
        ]
        return traits.filter { profile.contains($0.0) }.map(\.1).joined(separator: ",")
    }
}

extension ExampleOrder {
    fileprivate var properties: String {
        var properties = [#""order_id":"o\#(number)""#]
        if let amount {
            properties.append(amount.members("revenue"))
        }
        if let costOfGoods { properties.append(#""cost_of_goods":"\#(costOfGoods.decimal)""#) }
        if hasCoupon { properties.append(#""coupon":"SPRING""#) }
        if !categories.isEmpty {
            let products = categories.map { #"{"product_id":"1","category":"\#($0.name)"}"# }
            properties.append(#""products":[\#(products.joined(separator: ","))]"#)
        }
        return properties.joined(separator: ",")
    }
}

extension Money {
    fileprivate func members(_ name: String) -> String {
        #""\#(name)":"\#(decimal)","currency":"\#(currency.letters)""#
    }

    fileprivate var decimal: String { PolicyText.money(minorUnits, currency).prefix { $0 != " " }.description }
}
