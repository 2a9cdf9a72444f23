import Brokers
import CustomerLifecycle
import Testing
import Wire

@testable import Processor

/// A change of the fold's results changes these numbers, and with them `LogFold.version`: two builds of one version
/// must never disagree about a log. (Before release 1.0 the numbers may change without the version.)
@Suite struct `Version 1 of the fold` {
    private static let rows = Rows(
        "golden",
        [
            (.identified(email: "a", phone: nil, firstName: "b", birthday: "--02-29"), "anna", 0),
            (.subscribed(.email, list: nil), "anna", 1), (Rows.order("o1", cents: 1_999), "anna", 2),
            (.complaintOpened(id: "k1"), "anna", 3), (.complaintResolved(id: "k1"), "anna", 4),
            (.reviewed(product: "p1", review: "r1", rating: 4, scale: 5), "anna", 5),
            (Rows.order("o2"), "anna", 120), (.orderRefunded(id: "o2", refund: "f1", amount: nil), "anna", 121),
            (.unsubscribed(.email, list: nil), "anna", 122), (.surveyAnswered(score: 9, scale: 10), "anna", 123),
            (.shared(via: "email"), "anna", 124), (.orderCancelled(id: "o1"), "bert", 5), (Rows.order("o1"), "bert", 6),
        ])

    @Test func `makes of a small history what it always made`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.rows)
        try workshop.project()
        let folded = try workshop.view().current()
        #expect(LogFold.version == 1)
        #expect(folded.digest().digest == "6a0b4b22f8ce42b8993f770b519bef2a")
        #expect(folded.folds.first.map { "\($0.outputChain)" } == "5fc195cc1c9bc1cbe62ea72c917ccb0d")
    }

    @Test func `writes the small history's changes as it always wrote them`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.rows)
        try workshop.project()
        var all = ByteWriter()
        for change in try workshop.changes() {
            change.headers.withUnsafeBytes { all.append($0) }
            Array(change.value.utf8).withUnsafeBytes { all.append($0) }
        }
        let hash = all.withUnsafeBytes { SHA256Digest(of: $0) }
        #expect("\(hash)" == "e808ef82e30eedd1e83e00c306d722cdee3b777d9a6d58b2680c5884e50bf477")
    }
}
