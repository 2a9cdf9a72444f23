extension ActionRow {
    private static let thanks = "after: each order, email service: {s: at once}"
    private static let news = "after: each order, give up after: 3 hours, email marketing: {s: 1 hour later}"
    private static let night = #"contact: {quiet hours: "21:00 to 08:00"}"#
    private static let subscribed = event("05-01T10:00", "Email Subscribed")

    /// Of 4.2.
    static let ends: [ActionRow] = [
        ActionRow(
            sentence: "cancelled: what must hold has stopped holding, and all remaining steps are",
            action: "after: each order, while: open complaints = 0, email service: {s: 1 hour later, t: 2 hours later}",
            given: [
                order("06-01T10:00", "o-1"), event("06-01T10:30", "Complaint Opened", #""complaint_id":"k-1""#),
                event("06-01T10:40", "Complaint Resolved", #""complaint_id":"k-1""#), .tick("06-01T12:01"),
            ],
            outcomes: ["06-01T10:30 a/s/o-1 cancelled while", "06-01T10:30 a/t/o-1 cancelled while"]),
        ActionRow(
            sentence: "cancelled: it is left, of what began with entering a stage",
            action: "after: entering lost, email service: {s: 1 hour later}",
            given: [
                order("06-01T10:00", "o-1"), .tick("07-01T10:01"), order("07-01T10:30", "o-2"), .tick("07-01T11:31"),
            ],
            outcomes: ["07-01T10:30 a/s/1 cancelled while"]),
        ActionRow(
            sentence: "never begun: what must hold did not when it was first seen",
            action: "after: each order, while: orders >= 2, email service: {s: 1 hour later}",
            given: [order("06-01T10:00", "o-1"), order("06-01T10:10", "o-2"), .tick("06-01T11:11")],
            outcomes: ["06-01T11:10 a/s/o-2 due"]),
        ActionRow(
            sentence: "cancelled: the policy that was adopted has no such step",
            action: "after: each order, email service: {s: 1 hour later, t: 2 hours later}",
            given: [
                order("06-01T10:00", "o-1"),
                .adopt("after: each order, email service: {t: 2 hours later}", "06-01T10:30"), .tick("06-01T12:01"),
            ],
            outcomes: ["06-01T10:30 a/s/o-1 cancelled policy", "06-01T12:00 a/t/o-1 due"]),
        ActionRow(
            sentence: "cancelled: a visitor is forgotten",
            action: "after: touching the cart, once per: 7 days, email service: {s: 410 days later}",
            customer: "a:v1", hasAddress: false,
            given: [event("01-01T10:00", "Product Added", #""product_id":"p-1""#), .tick("2027-03-01T10:00")],
            outcomes: ["02-05T10:00 a/s/1767261600000 cancelled erased"]),
        ActionRow(
            sentence: "due: at its own instant, by a tick of up to five minutes later",
            action: "after: each order, email service: {s: 1 hour later}",
            given: [order("06-01T10:00", "o-1"), .tick("06-01T10:59"), .tick("06-01T11:05")],
            outcomes: ["06-01T11:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "due: late, at the tick's own instant",
            action: "after: each order, email service: {s: 1 hour later}",
            given: [order("06-01T10:00", "o-1"), .tick("06-01T11:06")],
            outcomes: ["06-01T11:06 a/s/o-1 due"]),
        ActionRow(
            sentence: "due: at once by the record itself, where ticks are not behind",
            action: thanks,
            given: [.tick("06-01T09:58"), order("06-01T10:00", "o-1")],
            outcomes: ["06-01T10:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "suppressed: no consent at that moment, and no address either",
            action: news, hasAddress: false,
            given: [order("06-01T10:00", "o-1"), .tick("06-01T11:01")],
            outcomes: ["06-01T11:00 a/s/o-1 suppressed no_consent"]),
        ActionRow(
            sentence: "suppressed: consent was taken back meanwhile",
            action: news,
            given: [
                subscribed, order("06-01T10:00", "o-1"), event("06-01T10:30", "Email Unsubscribed"),
                .tick("06-01T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 suppressed no_consent"]),
        ActionRow(
            sentence: "suppressed: service needs no consent, but an address",
            action: thanks, hasAddress: false,
            given: [order("06-01T10:00", "o-1"), .tick("06-01T10:01")],
            outcomes: ["06-01T10:00 a/s/o-1 suppressed unreachable"]),
        ActionRow(
            sentence: "suppressed: the last mail bounced",
            action: news,
            given: [
                subscribed, event("05-02T10:00", "Email Bounced", #""bounce_type":"hard""#),
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 suppressed unreachable"]),
        ActionRow(
            sentence: "suppressed: who is held out gets nothing, when it would have been released",
            action: news, sections: "contact: {hold out: 100 %}",
            given: [subscribed, order("06-01T10:00", "o-1"), .tick("06-01T11:01")],
            outcomes: ["06-01T11:00 a/s/o-1 suppressed hold_out"]),
        ActionRow(
            sentence: "suppressed: quiet hours held it until its deadline",
            action: news, sections: night,
            given: [subscribed, order("06-01T19:00", "o-1"), .tick("06-01T20:01"), .tick("06-01T23:01")],
            outcomes: ["06-01T23:00 a/s/o-1 suppressed quiet_hours"]),
        ActionRow(
            sentence: "due: when quiet hours end",
            action: "after: each order, email marketing: {s: 1 hour later}", sections: night,
            given: [subscribed, order("06-01T19:00", "o-1"), .tick("06-01T20:01"), .tick("06-02T06:01")],
            outcomes: ["06-02T06:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "due: at once after the customer's own act, at night too, and a task ever",
            action: "after: each order, email marketing: {s: at once}, task: {t: at once}", sections: night,
            given: [subscribed, order("06-01T21:00", "o-1"), .tick("06-01T21:01")],
            outcomes: ["06-01T21:00 a/s/o-1 due", "06-01T21:00 a/t/o-1 due"]),
        ActionRow(
            sentence: "due: in the morning, service too, where it was judged late at night",
            action: thanks, sections: night,
            given: [order("06-01T20:00", "o-1"), .tick("06-01T21:00"), .tick("06-02T06:01")],
            outcomes: ["06-02T06:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "suppressed: a limit held it until its deadline",
            action: news, sections: "contact: {limits: [1 email per 1 day]}",
            given: [
                subscribed, order("06-01T10:00", "o-1"), .tick("06-01T11:01"), order("06-01T12:00", "o-2"),
                .tick("06-01T13:01"), .tick("06-01T16:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 due", "06-01T16:00 a/s/o-2 suppressed frequency"]),
        ActionRow(
            sentence: "due: a millisecond behind the limit's window",
            action: "after: each order, email marketing: {s: 1 hour later}",
            sections: "contact: {limits: [1 email per 1 day]}",
            given: [
                subscribed, order("06-01T10:00", "o-1"), .tick("06-01T11:01"), order("06-01T12:00", "o-2"),
                .tick("06-01T13:01"), .tick("06-02T11:00"), .tick("06-02T11:01"),
            ],
            outcomes: ["06-01T11:00 a/s/o-1 due", "06-02T11:00 a/s/o-2 due"]),
        ActionRow(
            sentence: "due: another's delivery counts in limits, and service ignores them",
            action: "after: each order, give up after: 3 hours, email marketing: {s: 1 hour later}, "
                + "email service: {t: 1 hour later}",
            sections: "contact: {limits: [1 email per 1 day]}",
            given: [
                subscribed, event("06-01T09:00", "Email Delivered", #""email_id":"e-1""#),
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"), .tick("06-01T14:01"),
            ],
            outcomes: ["06-01T11:00 a/t/o-1 due", "06-01T14:00 a/s/o-1 suppressed frequency"]),
        ActionRow(
            sentence: "suppressed: a pause held it until its deadline",
            action: news, sections: "contact: {pause while: open complaints >= 1}",
            given: [
                subscribed, event("05-02T10:00", "Complaint Opened", #""complaint_id":"k-1""#),
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"), .tick("06-01T14:01"),
            ],
            outcomes: ["06-01T14:00 a/s/o-1 suppressed paused"]),
        ActionRow(
            sentence: "due: when the pause ends, as of the event that ends it",
            action: news, sections: "contact: {pause while: open complaints >= 1}",
            given: [
                subscribed, event("05-02T10:00", "Complaint Opened", #""complaint_id":"k-1""#),
                order("06-01T10:00", "o-1"), .tick("06-01T11:01"),
                event("06-01T12:00", "Complaint Resolved", #""complaint_id":"k-1""#), .tick("06-01T12:01"),
            ],
            outcomes: ["06-01T12:00 a/s/o-1 due"]),
        ActionRow(
            sentence: "suppressed: too late, of one step, when it was learned of; the other is due",
            action: "after: each order, give up after: 24 hours, email service: {s: 1 hour later, t: day 2 at 12:00}",
            given: [order("06-01T10:00", "o-1", late: "06-02T12:00"), .tick("06-02T12:01"), .tick("06-03T10:01")],
            outcomes: ["06-02T12:01 a/s/o-1 suppressed too_late", "06-03T10:00 a/t/o-1 due"]),
        ActionRow(
            sentence: "never begun: it was too late for all steps when it was learned of",
            action: "after: each order, give up after: 24 hours, email service: {s: 1 hour later}",
            given: [order("06-01T10:00", "o-1", late: "06-03T12:00"), .tick("06-03T12:01")],
            outcomes: []),
        ActionRow(
            sentence: "suppressed: too late, of a step that the adopted text moves to before its adoption",
            action: "after: each order, email service: {s: 2 hours later}",
            given: [
                order("06-01T10:00", "o-1"),
                .adopt("after: each order, email service: {s: 1 hour later}", "06-01T11:30"), .tick("06-01T11:31"),
            ],
            outcomes: ["06-01T11:30 a/s/o-1 suppressed too_late"]),
    ]
}
