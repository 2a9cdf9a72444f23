import CustomerLifecycle
import Testing

/// A row of the specification's tables of actions: given a policy's action and what happens, what becomes of its steps.
struct ActionRow: CustomTestStringConvertible, Sendable {
    enum Given: Sendable {
        /// At an instant; members of its properties or traits. `late` is when it is appended.
        case event(String, String, String, late: String?)
        case tick(String)
        /// The same policy with another action.
        case adopt(String, String)
    }

    let sentence: String
    var action: String
    /// More sections of the policy.
    var sections = ""
    var customer = "u:ada"
    var hasAddress = true
    let given: [Given]
    let outcomes: [String]

    var testDescription: String { sentence }

    static func event(_ at: String, _ name: String, _ members: String = "", late: String? = nil) -> Given {
        .event(at, name, members, late: late)
    }

    static func order(_ at: String, _ id: String, late: String? = nil) -> Given {
        event(at, "Order Completed", #""order_id":"\#(id)","revenue":10"#, late: late)
    }

    func policy(_ action: String) -> String {
        """
        policy: rows
        currency: EUR
        time zone: Europe/Paris
        stages: [{lost: silence > 30 days}, {buyer: orders >= 1}, {visitor: otherwise}]
        segments: {returning: orders >= 2}
        assume: {delivery promise: 48 hours}
        referral: {hold: 14 days}
        actions: {a: {\(action)}}
        \(sections)
        """
    }

    func outcomesFound() throws -> [String] {
        var story = try ActionStory(policy(action), customer: customer)
        if hasAddress { try story.event("01-01T09:00", "identify", #""email":"ada@example.org""#) }
        for step in given {
            switch step {
            case .event(let at, let name, let members, let late): try story.event(at, name, members, appended: late)
            case .tick(let at): try story.tick(at)
            case .adopt(let action, let at): try story.adopt(policy(action), at)
            }
        }
        return story.outcomes
    }
}

@Suite struct `Rows of the specification` {
    @Test(arguments: ActionRow.starts) func `say what begins an occurrence, when, and how often`(row: ActionRow) throws
    {
        let found = try row.outcomesFound()
        #expect(found == row.outcomes)
    }

    @Test(arguments: ActionRow.ends) func `say what becomes of a step`(row: ActionRow) throws {
        let found = try row.outcomesFound()
        #expect(found == row.outcomes)
    }
}

extension ActionRow {
    /// Of 4.1.
    static let starts: [ActionRow] = [
        ActionRow(
            sentence: "the first order, once",
            action: "after: first order, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"), order("06-02T10:00", "o-2"), .tick("06-02T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "each order, and an undone one not",
            action: "after: each order, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), order("06-01T10:10", "o-2"),
                event("06-01T10:20", "Order Cancelled", #""order_id":"o-2""#), .tick("06-01T11:01"),
                order("06-02T10:00", "o-3"), .tick("06-02T11:01"),
            ],
            outcomes: [
                "06-01T10:20 a/s/o-2 cancelled while", "06-01T11:00 a/s/o-1 due", "06-02T11:00 a/s/o-3 due",
            ]),
        ActionRow(
            sentence: "each delivery, when it is delivered",
            action: "after: each delivery, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), event("06-02T10:00", "Order Delivered", #""order_id":"o-1""#),
                .tick("06-02T11:01"),
            ],
            outcomes: ["06-02T11:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "each overdue delivery, from the promise's end on, where the shop says that it ships",
            action: "after: each overdue delivery, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), event("06-01T12:00", "Order Shipped", #""order_id":"o-1""#),
                .tick("06-03T12:01"), .tick("06-03T13:01"),
            ],
            outcomes: ["06-03T13:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "touching the cart, moved by each touch, under the first one's key",
            action: "after: touching the cart, once per: 7 days, email service: {s: 1 hour later}",
            given: [
                event("06-01T10:00", "Product Added", #""product_id":"p-1""#),
                event("06-01T10:30", "Product Added", #""product_id":"p-2""#), .tick("06-01T11:01"),
                .tick("06-01T11:31"),
            ],
            outcomes: ["06-01T11:30 a/s/1780308000000 due"]),
        ActionRow(
            sentence: "the first consent, once a customer",
            action: "after: first consent to email marketing, email marketing: {s: 1 hour later}",
            given: [
                event("06-01T10:00", "Email Subscribed"), .tick("06-01T11:01"),
                event("06-02T10:00", "Email Unsubscribed"), event("06-03T10:00", "Email Subscribed"),
                .tick("06-03T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/customer due"]),
        ActionRow(
            sentence: "claiming the referral coupon, which waits for friends",
            action: "after: claiming the referral coupon, email service: {s: 1 hour later}",
            given: [event("06-01T10:00", "Coupon Applied", #""coupon_id":"r-1""#), .tick("06-01T11:01")],
            outcomes: []),
        ActionRow(
            sentence: "each referral, which waits for friends",
            action: "after: each referral, email service: {s: 1 hour later}",
            given: [order("06-01T10:00", "o-1"), .tick("06-20T11:01")],
            outcomes: []),
        ActionRow(
            sentence: "each resolved complaint, and no mark of spam",
            action: "after: each resolved complaint, email service: {s: 1 hour later}",
            given: [
                event("06-01T10:00", "Complaint Opened", #""complaint_id":"k-1""#),
                event("06-01T10:30", "Email Marked as Spam"),
                event("06-01T11:00", "Complaint Resolved", #""complaint_id":"k-1""#), .tick("06-01T12:01"),
            ],
            outcomes: ["06-01T12:00 a/s/k-1 due"]),
        ActionRow(
            sentence: "each birthday, at local midnight, one learned on the day too",
            action: "after: each birthday, give up after: 24 hours, email service: {s: 12 hours later}",
            given: [
                event("06-01T08:00", "identify", #""birthday":"--06-01""#), .tick("06-01T10:01"),
                .tick("2027-05-31T21:00"), .tick("2027-06-01T10:01"),
            ],
            outcomes: ["06-01T10:00 a/s/2026 due", "06-01T10:00 a/s/2027 due"]),
        ActionRow(
            sentence: "entering a stage, each time",
            action: "after: entering lost, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), .tick("07-01T10:01"), .tick("07-01T11:01"), order("07-02T10:00", "o-2"),
                .tick("08-01T10:01"), .tick("08-01T11:01"),
            ],
            outcomes: ["07-01T11:00 a/s/1 due", "08-01T11:00 a/s/2 due"]),
        ActionRow(
            sentence: "joining a segment",
            action: "after: joining returning, email service: {s: 1 hour later}",
            given: [order("06-01T10:00", "o-1"), order("06-02T10:00", "o-2"), .tick("06-02T11:01")],
            outcomes: ["06-02T11:00 a/s/1 due"]),
        ActionRow(
            sentence: "once per customer",
            action: "after: each order, once per: customer, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"), order("06-09T10:00", "o-2"), .tick("06-09T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "once per cycle, which an order after a long silence begins",
            action: "after: each order, once per: cycle, email service: {s: 1 hour later}",
            sections: "cycle ends after: 30 days",
            given: [
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"), order("06-02T10:00", "o-2"), .tick("06-02T11:01"),
                order("08-01T10:00", "o-3"), .tick("08-01T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 due", "08-01T11:00 a/s/o-3 due"]),
        ActionRow(
            sentence: "once per time, both ends in",
            action: "after: each order, once per: 2 days, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"), order("06-03T10:00", "o-2"), .tick("06-03T11:01"),
                order("06-03T10:01", "o-3"), .tick("06-03T11:02"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 due", "06-03T11:01 a/s/o-3 due"]),
    ]
}
