import Brokers
import CustomerLifecycle
import Testing
import Wire

@testable import Processor

/// A change of the fold's results changes these numbers, and with them `LogFold.version`: two builds of one version
/// must never disagree about a log.
@Suite struct `Version 7 of the fold` {
    private static let rows = Rows(
        "golden",
        [
            (.identified(email: "a", phone: nil, firstName: "b", birthday: "--02-29"), "anna", 0),
            (.subscribed(.email, list: nil), "anna", 1), (Rows.order("o1", cents: 1_999), "anna", 2),
            (.complaintOpened(id: "k1"), "anna", 3), (.complaintResolved(id: "k1"), "anna", 4),
            (.reviewed(product: "p1", review: "r1", rating: 4, scale: 5), "anna", 5),
            (Rows.order("o2"), "anna", 120), (.orderRefunded(id: "o2", refund: "f1", amount: nil), "anna", 121),
            (.unsubscribed(.email, list: nil), "anna", 122), (.surveyAnswered(score: 9, scale: 10), "anna", 123),
            (.shared(via: "email"), "anna", 124), (.tracked(name: "Email Marked as Spam"), "anna", 125),
            (.tracked(name: "Promotion Viewed"), "carl", 1), (.orderCancelled(id: "o9"), "carl", 9),
            (.orderCancelled(id: "o1"), "bert", 5), (Rows.order("o1"), "bert", 6),
        ])

    @Test func `makes of a small history what it always made`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.rows)
        try workshop.project()
        let folded = try workshop.view().current()
        #expect(LogFold.version == 7)
        #expect(folded.digest().digest == "ba05de82de6f6f1d9cbd2d66e6c609be")
        #expect(folded.folds.first.map { "\($0.outputChain)" } == "c8c201a934b090fb6e31827dfd20d3cc")
    }

    @Test func `says what it does otherwise than the version before`() {
        #expect(!FoldChanges.since(LogFold.version - 1).isEmpty)
        #expect(FoldChanges.since(LogFold.version).isEmpty)
    }

    /// Every kind of record and of event, in turns that end within records.
    @Test func `makes of all kinds of records what it always made`() throws {
        let shop = try KeptShop()
        try shop.begin()
        try shop.goOn()
        let committed = try shop.committed()
        let published = try shop.workshop.publishedHash()
        #expect(
            committed == [
                "69: 1 7 83 - 3cec0252af30b7dbd1ecb91dd646c05a f5c39da0abc0ea8d26bbdbff4d28b819",
                "58: 1 7 50 - 1bf85696250008ff46b676f5bef46bcb 3188467c1b50571363b89786eefb3db4",
            ])
        #expect(published == "408a564d67be7c70d9fe2629b5db42b941a34ddf57619a4ca80a5f440b57f140")
    }

    @Test func `writes the small history's changes as it always wrote them`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.rows)
        try workshop.project()
        let published = try workshop.publishedHash()
        #expect(published == "42cfd67d023f977897a2ab97de417be463c074997034720fc457fae513cb71e4")
    }
}
