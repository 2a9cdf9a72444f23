import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

@Suite struct `An import` {
    private static let anna = Rows(
        "anna", [(Rows.order("o1"), "anna", 0), (Rows.order("o2"), "anna", 10), (Rows.order("o3"), "anna", 20)])

    @Test func `gives the transitions that happened, on their days, up to the day it was made`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.anna)
        try workshop.project()
        let changes = try workshop.changes()
        #expect(changes.map(\.transition) == ["none->active", "active->loyal", "loyal->dormant", "dormant->lost"])
        #expect(
            changes.map { $0.text("entered_at") } == [
                "2024-01-01T00:00:00.000Z", "2024-01-21T00:00:00.000Z", "2024-04-20T00:00:00.001Z",
                "2024-07-19T00:00:00.001Z",
            ])
    }

    @Test func `twice is once`() throws {
        let workshop = try Workshop()
        let first = try workshop.importRows(Self.anna)
        let records = try workshop.view().recordCount()
        let second = try workshop.importRows(Self.anna)
        #expect(first.appendedCount == 3)
        #expect(second.appendedCount == 0)
        #expect(second.alreadyDone == 3)
        #expect(try workshop.view().recordCount() == records)
    }

    @Test func `that stands half done is named, and the same command goes on with it`() throws {
        let workshop = try Workshop()
        workshop.disk.faults.stop(afterSteps: 6)
        #expect(throws: ProcessorError.self) { try workshop.importRows(Self.anna, rowCountMax: 1) }
        try workshop.restart()
        let importer = try Importer(
            broker: workshop.broker, names: workshop.names, partitionCount: 1, settings: Workshop.routerSettings)
        #expect(try importer.unfinished() == "anna")
        let resumed = try workshop.importRows(Self.anna, rowCountMax: 1)
        #expect(resumed.alreadyDone > 0 && resumed.alreadyDone < 3, "the fault came too early or too late")
        #expect(resumed.alreadyDone + resumed.appendedCount == 3)
        try workshop.project()
        #expect(try workshop.changes().count == 4)
    }

    @Test func `ends a transaction behind the row that fills it, refused ones counted too`() throws {
        let workshop = try Workshop()
        var rows = Rows("large", (0..<9).map { (Rows.order($0 == 4 ? "" : "o\($0)"), "anna", $0) })
        var byteCount = 0
        for row in 0..<2 { byteCount += rows.withRow(row) { $0.byteCount } }
        let importer = try Importer(
            broker: workshop.broker, names: workshop.names, partitionCount: 1, settings: Workshop.routerSettings,
            byteCountMax: byteCount)
        var ends: [Int] = []
        let result = try importer.run(&rows) { ends.append($0) }
        #expect(ends == [2, 4, 7, 9], "row 4 has no id and is shorter")
        #expect(result.appendedCount == 8)
    }

    @Test func `a row that is no event is refused with its line, and the others go in`() throws {
        let workshop = try Workshop()
        let result = try workshop.importRows(
            Rows(
                "mixed", [(Rows.order(""), "anna", 0), (Rows.order("o2"), "anna", 10), (Rows.order("o3"), "guest", 20)])
        )
        #expect(result.refused.map(\.line) == [1, 3])
        #expect(result.refused.map(\.rejection.reason) == [.unreadableField, .noSubject])
        #expect(result.appendedCount == 1)
    }

    @Test func `counts what could not be read as often as it is in the file, whatever transactions were lost`() throws {
        let workshop = try Workshop()
        let rows = Rows(
            "unclear", revenues: [#""ten""#, "[]", "3.50", "true"])
        let whole = try Workshop().importRows(rows)
        #expect(whole.unreadable == ["properties.revenue": 3])
        workshop.disk.faults.stop(afterSteps: 6)
        #expect(throws: ProcessorError.self) { try workshop.importRows(rows, rowCountMax: 1) }
        try workshop.restart()
        let resumed = try workshop.importRows(rows, rowCountMax: 1)
        #expect(resumed.alreadyDone > 0 && resumed.alreadyDone < 4, "the fault came too early or too late")
        #expect(resumed.unreadable == whole.unreadable)
    }

    @Test func `stages as of an instant need no tick, and know nothing of later`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.anna, finish: false)
        let day = Rows.start + .days(15)
        #expect(try workshop.view().asOf(day).stages().stages.filter { $0.count > 0 }.map(\.name) == ["active"])
        let later = try workshop.view().asOf(Rows.start + .days(111)).stages()
        #expect(later.stages.filter { $0.count > 0 }.map(\.name) == ["dormant"])
        #expect(later.transitions.map(\.count).reduce(0, +) == 3)
    }
}
