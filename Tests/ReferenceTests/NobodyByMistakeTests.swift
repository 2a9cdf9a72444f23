import CustomerLifecycle
import Foundation
import Testing
import Wire

/// What users were once mailed by other products, each told by wire events.
@Suite struct `Nobody is contacted by mistake` {
    static let policy = """
        policy: p
        currency: EUR
        time zone: UTC
        stages: [{buyer: orders >= 1}, {visitor: otherwise}]
        contact: {quiet hours: "21:00 to 08:00"}
        assume: {delivery promise: 48 hours}
        actions:
          welcome:
            after: first consent to email marketing
            email marketing: {hello: 1 hour later}
          thanks:
            after: each order
            email service: {thank_you: at once}
          sorry:
            after: each overdue delivery
            email service: {apology: 1 hour later}
          happy:
            after: each resolved complaint
            email service: {are_you_happy: 1 hour later}
          birthday:
            after: each birthday
            give up after: 24 hours
            email service: {gift: day 0 at 09:00}
        """

    @Test func `who signed up in imported history is not welcomed, and the first real one is`() throws {
        var old = try ActionStory(Self.policy)
        try old.event("01-01T10:00", "Email Subscribed", appended: "06-01T10:00", isImport: true)
        try old.event("06-02T10:00", "Product Viewed")
        try old.tick("06-03T12:00")
        #expect(old.outcomes == [])
        var new = try ActionStory(Self.policy)
        try new.tick("06-02T09:59")
        try new.event("06-02T10:00", "Email Subscribed")
        try new.tick("06-02T11:01")
        #expect(new.outcomes == ["06-02T11:00 welcome/hello/customer due"])
    }

    /// Nobody but time comes by between the import and the day.
    @Test func `what is ahead of imported history begins when it comes, and nothing that has passed`() throws {
        var story = try ActionStory(Self.policy)
        try story.event(
            "02-01T10:00", "identify", #""email":"ada@example.org","birthday":"--03-03""#, appended: "06-01T10:00",
            isImport: true)
        try story.event(
            "05-30T10:00", "Order Completed", #""order_id":"o-1","revenue":10"#, appended: "06-01T10:00",
            isImport: true)
        try story.event(
            "05-31T10:00", "Order Shipped", #""order_id":"o-1""#, appended: "06-01T10:00", isImport: true)
        try story.catchUp("06-01T10:01")
        try story.tick("06-02T10:01")
        try story.tick("06-02T11:01")
        #expect(story.outcomes == ["06-02T11:00 sorry/apology/o-1 due"])
        try story.tick("2027-03-02T23:59")
        try story.tick("2027-03-03T09:01")
        #expect(story.outcomes.dropFirst() == ["03-03T09:00 birthday/gift/2027 due"])
    }

    @Test func `after an outage nobody is mailed who unsubscribed meanwhile, and nobody at night`() throws {
        for unsubscribes in [true, false] {
            var story = try ActionStory(Self.policy)
            try story.tick("06-02T18:29")
            try story.event("06-02T18:30", "Email Subscribed")
            if unsubscribes { try story.event("06-02T21:00", "Email Unsubscribed") }
            try story.tick("06-03T03:00")
            try story.tick("06-03T08:01")
            #expect(
                story.outcomes
                    == [
                        unsubscribes
                            ? "06-03T03:00 welcome/hello/customer suppressed no_consent"
                            : "06-03T08:00 welcome/hello/customer due"
                    ])
        }
    }

    @Test func `an order that comes two days late is not thanked for at night`() throws {
        var story = try ActionStory(Self.policy)
        try story.event("06-01T09:00", "identify", #""email":"ada@example.org""#)
        try story.tick("06-03T01:59")
        try story.event("06-01T12:00", "Order Completed", #""order_id":"o-1","revenue":10"#, appended: "06-03T02:00")
        try story.tick("06-03T02:01")
        #expect(story.outcomes == [])
        try story.tick("06-03T08:01")
        #expect(story.outcomes == ["06-03T08:00 thanks/thank_you/o-1 due"])
    }

    @Test func `what began with an order ends when that is undone, or its parcel has come`() throws {
        var story = try ActionStory(Self.policy)
        try story.event("06-01T09:00", "identify", #""email":"ada@example.org""#)
        try story.event("06-01T12:00", "Order Completed", #""order_id":"o-1","revenue":10"#)
        try story.event("06-01T12:10", "Order Cancelled", #""order_id":"o-1""#)
        try story.tick("06-01T12:20")
        #expect(story.outcomes == ["06-01T12:10 thanks/thank_you/o-1 cancelled while"])
        try story.event("06-02T12:00", "Order Completed", #""order_id":"o-2","revenue":10"#)
        try story.tick("06-02T12:01")
        try story.event("06-03T12:00", "Delivery Delayed", #""order_id":"o-2""#)
        try story.event("06-03T12:30", "Order Delivered", #""order_id":"o-2""#)
        try story.tick("06-03T14:00")
        #expect(story.outcomes.last == "06-03T12:30 sorry/apology/o-2 cancelled while")
    }

    @Test func `a mark of spam is answered by no question, and a complaint that is resolved by one`() throws {
        var story = try ActionStory(Self.policy)
        try story.event("06-01T09:00", "identify", #""email":"ada@example.org""#)
        try story.event("06-01T10:00", "Email Marked as Spam")
        try story.event("06-01T10:05", "Complaint Opened", #""complaint_id":"k-1""#)
        try story.event("06-01T11:00", "Complaint Resolved", #""complaint_id":"k-1""#)
        try story.tick("06-01T12:01")
        #expect(story.outcomes == ["06-01T12:00 happy/are_you_happy/k-1 due"])
    }

    @Test func `a policy, or an import, between a step's instant and the next tick leaves the mail due once`() throws {
        var story = try ActionStory(Self.policy)
        try story.tick("06-02T09:59")
        try story.event("06-02T10:00", "Email Subscribed")
        try story.adopt(Self.policy.replacingOccurrences(of: "buyer", with: "customer"), "06-02T11:02")
        #expect(story.outcomes == [])
        try story.event("05-01T10:00", "Product Viewed", appended: "06-02T11:02", isImport: true)
        try story.event("06-02T11:03", "Product Viewed")
        try story.tick("06-02T11:04")
        try story.tick("06-02T12:00")
        #expect(story.outcomes == ["06-02T11:00 welcome/hello/customer due"])
    }

    @Test func `a shop that reports no deliveries apologises to nobody`() throws {
        var story = try ActionStory(Self.policy)
        try story.event("06-01T09:00", "identify", #""email":"ada@example.org""#)
        try story.event("06-01T12:00", "Order Completed", #""order_id":"o-1","revenue":10"#)
        try story.tick("08-01T12:00")
        #expect(!story.outcomes.contains { $0.contains("sorry") })
    }

    @Test func `a birthday that moves within the year is celebrated once`() throws {
        var story = try ActionStory(Self.policy)
        try story.event("03-01T09:00", "identify", #""email":"ada@example.org","birthday":"--03-03""#)
        try story.tick("03-03T09:01")
        #expect(story.outcomes == ["03-03T09:00 birthday/gift/2026 due"])
        try story.event("09-01T09:00", "identify", #""email":"ada@example.org","birthday":"--09-10""#)
        try story.tick("09-10T09:01")
        try story.tick("12-31T23:00")
        #expect(story.outcomes.count == 1)
        // Nothing was to happen on the new day of this year, and nobody came by since; the next year's is not lost.
        try story.tick("2027-09-10T09:01")
        #expect(story.outcomes.dropFirst() == ["09-10T09:00 birthday/gift/2027 due"])
    }

    /// A carrier may say when it will have come.
    @Test func `a parcel that is to come begins its action when it has come`() throws {
        let policy = """
            policy: p
            currency: EUR
            time zone: UTC
            stages: [{buyer: orders >= 1}, {visitor: otherwise}]
            actions:
              review:
                after: each delivery
                email service: {how_was_it: 1 hour later}
            """
        var story = try ActionStory(policy)
        try story.event("06-01T09:00", "identify", #""email":"ada@example.org""#)
        try story.event("06-01T10:00", "Order Completed", #""order_id":"o-1","revenue":10"#)
        try story.event(
            "06-01T11:00", "Order Delivered", #""order_id":"o-1","delivered_at":"2026-06-01T15:00:00Z""#)
        try story.tick("06-01T14:00")
        #expect(story.outcomes == [])
        for time in ["06-01T15:01", "06-01T16:01"] { try story.tick(time) }
        #expect(story.outcomes == ["06-01T16:00 review/how_was_it/o-1 due"])
    }

    /// Consent is asked for when a tick decides: without it at that moment nothing is sent, later neither.
    @Test func `a consent that is taken back and given again counts as of the tick`() throws {
        for isTold in [true, false] {
            var story = try ActionStory(Self.policy)
            try story.tick("06-02T19:59")
            try story.event("06-02T20:30", "Email Subscribed")
            try story.tick("06-02T21:31")
            #expect(story.outcomes == [])
            try story.event("06-02T22:00", "Email Unsubscribed")
            if isTold { try story.tick("06-02T22:01") }
            try story.event("06-03T07:00", "Email Subscribed")
            try story.tick("06-03T08:01")
            #expect(
                story.outcomes
                    == [
                        isTold
                            ? "06-02T22:00 welcome/hello/customer suppressed no_consent"
                            : "06-03T08:01 welcome/hello/customer due"
                    ])
        }
    }
}
