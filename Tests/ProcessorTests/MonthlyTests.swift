import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

@Suite struct `Stages month by month` {
    @Test func `are what each instant alone would say, an order that came late included`() throws {
        let workshop = try Workshop(partitionCount: 2)
        try workshop.importRows(
            Rows(
                "some",
                [
                    (Rows.order("o1"), "anna", 0), (Rows.order("o2"), "anna", 10), (Rows.order("o3"), "anna", 20),
                    (Rows.order("o1"), "bert", 5), (.viewed(url: nil), "cleo", 40),
                    // These orders follow those already in the log.
                    (Rows.order("o9"), "bert", 130), (Rows.order("o8"), "bert", 70), (Rows.order("o7"), "bert", 60),
                ]))
        try workshop.project()
        let view = try workshop.view()
        let months = try view.months(6, endingAt: Rows.start + .days(150))
        #expect(
            months.map(\.asOf.rfc3339) == [
                "2024-01-31T23:59:59.999Z", "2024-02-29T23:59:59.999Z", "2024-03-31T23:59:59.999Z",
                "2024-04-30T23:59:59.999Z", "2024-05-30T00:00:00.000Z",
            ])
        for month in months { #expect(try month.stages == view.asOf(month.asOf).stages().stages) }
        #expect(Set(months.map { $0.stages.map(\.count) }).count > 2)
    }

    @Test(arguments: [
        ("2024-03-31T00:00:00.000Z", 2, ["2024-02-29T23:59:59.999Z", "2024-03-31T00:00:00.000Z"]),
        (
            "2024-01-01T00:00:00.000Z", 3,
            ["2023-11-30T23:59:59.999Z", "2023-12-31T23:59:59.999Z", "2024-01-01T00:00:00.000Z"]
        ),
        ("2024-05-15T12:00:00.000Z", 1, ["2024-05-15T12:00:00.000Z"]),
    ])
    func `end at the last instants of months, and at the one asked for`(instant: String, count: Int, ends: [String])
        throws
    {
        let instant = try #require(Self.instant(instant))
        #expect(LogView<Workshop.Broker, SimulatedDisk>.monthEnds(count, endingAt: instant).map(\.rfc3339) == ends)
    }

    private static func instant(_ text: String) -> Instant? {
        guard let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
            let day = Int(text.dropFirst(8).prefix(2)), let hour = Int64(text.dropFirst(11).prefix(2))
        else { return nil }
        return CivilDate(year: year, month: month, day: day).map { $0.midnight + .hours(hour) }
    }
}
