import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

/// What is kept of an import between its runs, and what follows from it.
@Suite struct `The progress of an import` {
    /// Some rows are no events, and some lie two days ahead of the clock of the first run.
    private static func rows(_ generator: inout SeededGenerator) -> Rows {
        let today = Int((Workshop.start - Rows.start).count / Milliseconds.days(1).count)
        return Rows(
            "mixed",
            (0..<40).map { number in
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: (Rows.order(""), "anna", number)
                case 1: (Rows.order("o\(number)"), "bert", today + 2)
                case 2: (Rows.order("o\(number)"), "guest", number)
                default: (Rows.order("o\(number)"), "anna", number)
                }
            })
    }

    private struct Ending: Equatable {
        var refused: [ImportResult.Refusal] = []
        var rows: [[UInt8]] = []
        var takenCount = 0
    }

    /// Imports in as many runs as it takes until twenty of them were killed, wherever that struck. Days pass between
    /// them, from the first commit on.
    private static func ending(of rows: Rows, killCount: Int, _ generator: inout SeededGenerator) throws -> Ending {
        let workshop = try Workshop()
        var kills = 0
        while true {
            var ending = Ending()
            if kills < killCount {
                workshop.disk.faults.stop(afterSteps: Int.random(in: 0...12, using: &generator))
            }
            do {
                let result = try workshop.importRows(rows, rowCountMax: 1) { refusal, row in
                    ending.refused.append(refusal)
                    ending.rows.append(Array(row))
                }
                #expect(result.refused == ending.refused && result.refusedCount == ending.refused.count)
                ending.takenCount = result.alreadyDone + result.appendedCount
                return ending
            } catch {
                kills += 1
                try workshop.restart()
            }
            let group = workshop.names.importGroup(file: rows.file.content)
            if try workshop.broker.committed(by: group, on: workshop.names.log(0)) != nil {
                workshop.clock.set(Workshop.start + .days(Int64(kills)))
            }
        }
    }

    @Test(arguments: UInt64(1)...8)
    func `has the same rows refused however often it was killed, days between included`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let rows = Self.rows(&generator)
        let whole = try Self.ending(of: rows, killCount: 0, &generator)
        let killed = try Self.ending(of: rows, killCount: 20, &generator)
        #expect(
            whole.refused.contains { $0.rejection.reason == RejectionReason.tooLate } && whole.takenCount > 0,
            "seed \(seed)")
        #expect(killed == whole, "seed \(seed)")
    }

    @Test func `of a finished file refuses the same rows again, none of which is there already`() throws {
        let workshop = try Workshop()
        var generator = SeededGenerator(1)
        let rows = Self.rows(&generator)
        let first = try workshop.importRows(rows)
        workshop.clock.set(Workshop.start + .days(9))
        let second = try workshop.importRows(rows)
        #expect(second.refused == first.refused)
        #expect(second.appendedCount == 0)
        #expect(second.alreadyDone == first.appendedCount)
        #expect(second.alreadyDone + second.refusedCount == second.rowCount)
    }

    @Test func `that an earlier version kept is gone on with`() throws {
        let workshop = try Workshop()
        let lines = Rows("old", (0..<5).map { (Rows.order($0 == 1 ? "" : "o\($0)"), "anna", $0) })
        // It knew a file by the name that has the settings of its reader in it.
        let rows = Rows(lines, ["columns": "at=1"])
        try workshop.commit("1 3 5 open", done: 3, for: workshop.names.importGroup(file: rows.file.hash))
        let result = try workshop.importRows(rows)
        #expect(result.alreadyDone == 2)
        #expect(result.appendedCount == 2)
        #expect(result.refused.map(\.line) == [2])
        #expect(try workshop.importRows(rows).appendedCount == 0)
    }

    @Test func `that an earlier version kept as finished is finished`() throws {
        let workshop = try Workshop()
        let rows = Rows(Rows("old", [(Rows.order("o1"), "anna", 1)]), ["columns": "at=1"])
        try workshop.commit("1 1 1 finished", done: 1, for: workshop.names.importGroup(file: rows.file.hash))
        let before = try workshop.view().recordCount()
        #expect(try workshop.importRows(rows).alreadyDone == 1)
        #expect(try workshop.view().recordCount() == before)
    }

    @Test(arguments: ["3 1 1 open 5", "2 1 1 open", "2 1 1 open x", "2 1 1 open 5 currency", "1 1 1 open 5", "1 1", ""])
    func `that cannot be read stops an import`(metadata: String) throws {
        let workshop = try Workshop()
        let rows = Rows("later", [(Rows.order("o1"), "anna", 1)])
        try workshop.commit(metadata, done: 1, for: workshop.names.importGroup(file: rows.file.content))
        let error = #expect(throws: ProcessorError.self) { try workshop.importRows(rows) }
        #expect(error?.cause == .otherFoldVersion)
    }

    // MARK: Settings

    /// Another value of each setting that changes what a row means, and what a user is told of it.
    private static let others: [(change: @Sendable (inout RouterSettings) -> Void, told: String)] = [
        ({ $0.currency = Currency("USD".utf8) ?? $0.currency }, "--currency was EUR, and is USD now"),
        ({ $0.isOfOperator = true }, "--operator was not said, and is said now"),
        (
            { $0.zone = ZoneTable(name: "Europe/Paris", transitions: []) },
            "--time-zone was not said, and is Europe/Paris (rules e3b0c442) now"
        ),
        (
            { $0.hashKey = Array("a key of sixteen".utf8) },
            "--hash-ids was not said, and is the key marked \(mark("a key of sixteen")) now"
        ),
        ({ $0.customerIDCase = .lower }, "--customer-id-case was not said, and is lower now"),
        ({ $0.blockedIDs = ["none", "empty"] }, "--blocked-id was not said, and is empty,none now"),
        ({ $0.referralParameter = "ref" }, "--referral-parameter was not said, and is ref now"),
        ({ $0.listPurposes = ["7": "service"] }, "--list-purpose was not said, and is 7=service now"),
        (
            { $0.consentCategories = ["ads": "email_marketing"] },
            "--consent-category was not said, and is ads=email_marketing now"
        ),
        (
            { $0.eventNames = ["bought": "Order Completed"] }, "--event was not said, and is bought=Order Completed now"
        ),
        ({ $0.ratingMaximum = 10 }, "--rating-maximum was not said, and is 10 now"),
    ]

    private static func mark(_ key: String) -> String {
        var settings = Workshop.routerSettings
        settings.hashKey = Array(key.utf8)
        return settings.rowMeanings["hash-ids"]?.split(separator: " ").last.map(String.init) ?? ""
    }

    @Test(arguments: others.indices, [false, true])
    func `holds to the settings of its first run`(index: Int, isFinished: Bool) throws {
        let workshop = try Workshop()
        let rows = Rows("orders.csv", (0..<5).map { (Rows.order("o\($0)"), "anna", $0) })
        if isFinished {
            try workshop.importRows(rows)
        } else {
            workshop.disk.faults.stop(afterSteps: 8)
            #expect(throws: ProcessorError.self) { try workshop.importRows(rows, rowCountMax: 1) }
            try workshop.restart()
        }
        let before = try workshop.view().recordCount()
        var settings = Workshop.routerSettings
        Self.others[index].change(&settings)
        let error = #expect(throws: ProcessorError.self) { try workshop.importRows(rows, settings: settings) }
        #expect(error?.cause == .usage)
        #expect(
            error?.description == "orders.csv \(isFinished ? "was" : "stands half") imported under other settings: "
                + "\(Self.others[index].told). Say the same as then, or import it into a new log.")
        #expect(try workshop.view().recordCount() == before)
        try workshop.importRows(rows)
        #expect(try workshop.view().recordCount() >= before)
    }

    @Test func `knows of every setting whether it changes what a row means`() {
        let names = Mirror(reflecting: Workshop.routerSettings).children.compactMap(\.label)
        let without = ["inputByteCountMax", "rejectedBytes", "zoneNamed"]
        #expect(names.count == Self.others.count + without.count)
        #expect(Set(without).isSubset(of: names))
    }

    @Test func `names what the file's reader was told too, and all that differs`() throws {
        let workshop = try Workshop()
        let lines = Rows("a", [(Rows.order("o1"), "anna", 1)])
        func rows(_ settings: [String: String]) -> Rows { Rows(lines, settings) }
        try workshop.importRows(rows(["columns": "at=1", "format": "csv"]))
        let error = #expect(throws: ProcessorError.self) {
            try workshop.importRows(rows(["columns": "at=2", "format": "ndjson"]))
        }
        #expect(
            error?.description.contains(
                "--columns was at=1, and is at=2 now; the format was csv, and is ndjson now.") == true)
    }

    @Test(arguments: ["", "a b", "%20", "100 % =", "é", "anna@example.com", String(repeating: "x", count: 300)])
    func `keeps values as text without blanks, and marks of what may be personal`(value: String) throws {
        var router = Workshop.routerSettings
        router.blockedIDs = [value]
        let settings = ImportSettings(router, of: ImportFile(hash: "h", name: "n", rowCount: 0))
        let progress = ImportProgress(
            done: 1, total: 2, isFinished: false,
            beginning: ImportProgress.Beginning(clock: Workshop.start, settings: settings))
        #expect(ImportProgress(progress.description) == progress)
        #expect(progress.description.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(!progress.description.contains("@"))
        #expect(progress.description.utf8.count < 1_000)
    }
}

extension Workshop {
    /// Commits an import's progress, as another version of the program would.
    fileprivate func commit(_ metadata: String, done: Int, for group: Group) throws {
        let producer = try broker.producer(transactionalID: "another version")
        try producer.begin()
        let offset = CommittedOffset(next: NextOffset(Int64(done)), metadata: metadata)
        try producer.commit(offset, of: names.log(0), for: group, as: nil)
        #expect(try producer.end() == .committed)
    }
}
