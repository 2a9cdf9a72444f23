import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

/// Files of orders: of each order the newest file decides.
@Suite struct `Files of orders` {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let first = OrderRows("first", [(.order("o1"), 0), (.order("o2"), 10), (.order("o3"), 20)])
    private static let second = OrderRows(
        "second", [(.order("o1"), 0), (.order("o2"), 10), (.cancelled("o2"), 10), (.order("o4"), 30)])

    @Test func `are numbered, and the number travels in their records`() throws {
        try importRows(Self.first)
        try importRows(Self.second)
        try workshop.importRows(Rows("events", [(Rows.order("o9"), "anna", 40)]))
        var numbers: [UInt32] = []
        var newest: Set<Instant> = []
        try workshop.eachRecord { record in
            guard record.header.kind == .event else { return }
            numbers.append(record.header.statement.number)
            newest.insert(record.header.statement.newest)
        }
        #expect(numbers == [1, 1, 1, 2, 2, 2, 2, 0])
        #expect(newest == [Rows.start + .days(20), Rows.start + .days(30), .distantPast])
    }

    /// So that whoever goes on with an import that was killed refuses what its first run did.
    @Test func `are judged by the clock of their first run, or by a new one where they are imported anew`() throws {
        let files = ImportedFiles(workshop.broker, workshop.names)
        let began = Instant(milliseconds: workshop.clock.nowMilliseconds())
        #expect(try files.clock(of: "first", again: false) == began)
        try importRows(Self.first)
        workshop.clock.set(began + .days(9))
        #expect(try files.clock(of: "first", again: false) == began)
        #expect(try files.clock(of: "first", again: true) == began + .days(9))
        #expect(try files.clock(of: "second", again: false) == began + .days(9))
    }

    /// As one that refused fewer of its rows left it.
    @Test func `that an earlier version had finished with other rows are passed over`() throws {
        try importRows(Self.first)
        let fewer = OrderRows("first", [(.order("o1"), 0), (.order("o2"), 10)])
        #expect(try importRows(fewer).isPassedOver)
    }

    @Test func `count what they change of the log's orders`() throws {
        let first = try importRows(Self.first)
        #expect(first.number == 1 && first.orders == OrderChanges(new: 3))
        let second = try importRows(Self.second)
        #expect(second.number == 2 && second.orders == OrderChanges(new: 1, changed: 1, unchanged: 1))
    }

    @Test func `that were imported before are passed over, also when others came since`() throws {
        try importRows(Self.first)
        try importRows(Self.second)
        let records = try workshop.view().recordCount()
        let again = try importRows(Self.first)
        #expect(again.isPassedOver && again.laterCount == 1 && again.appendedCount == 0)
        #expect(try workshop.view().recordCount() == records)
        #expect(try kept() == ["o1", "o3", "o4"])
        let newest = try importRows(Self.first, again: true)
        #expect(newest.number == 3 && newest.orders == OrderChanges(changed: 1, unchanged: 2))
        #expect(try kept() == ["o1", "o2", "o3", "o4"])
    }

    @Test func `count an order that is no more as withdrawn, if an earlier one has it`() throws {
        let rows = OrderRows("later", [(.withdrawn("o2"), 10), (.withdrawn("o7"), 11)])
        let alone = try importRows(rows)
        #expect(alone.rowCount == 0 && alone.appendedCount == 0)
        try importRows(Self.first)
        let later = try importRows(rows, again: true)
        #expect(later.rowCount == 2 && later.orders == OrderChanges(changed: 1))
        #expect(try kept() == ["o1", "o3"])
    }

    /// The file's own dates tell what it knows of; not when it was imported.
    @Test func `stand for what happened up to their newest date, and not for what came after`() throws {
        let events = Rows(
            "events", [(.orderCancelled(id: "o1"), "anna", 15), (.orderCancelled(id: "o3"), "anna", 25)])
        try workshop.importRows(events)
        try importRows(Self.first)
        #expect(try kept() == ["o1", "o2"])
    }

    @Test func `of the future stand for nothing that is still to come`() throws {
        let ahead = OrderRows("ahead", [(.order("o1"), 0)], newest: Workshop.start + .days(9_000))
        try importRows(ahead)
        workshop.clock.set(Workshop.start + .days(3))
        try workshop.importRows(Rows("events", [(.orderCancelled(id: "o1"), "anna", 732)]))
        #expect(try kept().isEmpty)
    }

    @Test(arguments: UInt64(1)...30)
    func `give the same wherever their import is killed, and in whichever order their rows stand`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        try importRows(Self.first)
        let whole = try importRows(Self.second)
        let digest = try workshop.view().current().digest().digest

        let other = try Workshop()
        var steps = Int.random(in: 0...12, using: &generator)
        var results: [ImportResult] = []
        for rows in [Self.first.reordered(by: &generator), Self.second.reordered(by: &generator)] {
            while true {
                other.disk.faults.stop(afterSteps: steps)
                steps = Int.random(in: 4...30, using: &generator)
                do {
                    results.append(try other.importOrders(rows, rowCountMax: 1))
                    break
                } catch {
                    try other.restart()
                    other.disk.faults.stop(afterSteps: .max)
                }
            }
            try other.restart()
        }
        other.disk.faults.stop(afterSteps: .max)
        #expect(try other.view().current().digest().digest == digest)
        let last = try #require(results.last)
        // Where the kill came behind the very end, there was nothing left to do.
        #expect(last.isPassedOver || last.orders == whole.orders)
        #expect(last.number == 2)
    }

    @discardableResult
    private func importRows(_ rows: OrderRows, again: Bool = false) throws -> ImportResult {
        try workshop.importOrders(rows, again: again)
    }

    /// The ids of anna's orders that count.
    private func kept() throws -> [String] {
        var facts = Facts()
        var said = Said()
        for fold in try workshop.view().current().folds {
            fold.withState { state in state.lendEachSubject { $0.read(into: &facts, &said) } }
        }
        return facts.orders.indices.filter { facts.orders.outcome(at: $0).isKept }
            .map { facts.orders[$0].id.withBytes { String(decoding: $0, as: UTF8.self) } }
    }
}

/// Rows of a file of orders, all of one customer.
struct OrderRows: ImportSource {
    enum Row {
        case order(String)
        case cancelled(String)
        /// It does not count, or not yet.
        case withdrawn(String)

        var isWithdrawal: Bool { if case .withdrawn = self { true } else { false } }

        var action: StorefrontJSON.Action {
            switch self {
            case .order(let id): Rows.order(id)
            case .cancelled(let id), .withdrawn(let id): .orderCancelled(id: id)
            }
        }
    }

    let file: ImportFile
    private var rows: [(row: Row, day: Int)]

    init(_ name: String, _ rows: [(row: Row, day: Int)], newest: Instant? = nil) {
        self.rows = rows
        let last = Rows.start + .days(Int64(rows.map(\.day).max() ?? 0))
        file = ImportFile(
            hash: name, name: name, rowCount: rows.count,
            orders: ImportFile.Orders(newest: newest ?? last, covers: .known))
    }

    func reordered(by generator: inout SeededGenerator) -> Self {
        var shuffled = self
        shuffled.rows.shuffle(using: &generator)
        return shuffled
    }

    mutating func withRow<Result>(_ index: Int, _ body: (ImportRow) -> Result) -> Result {
        let (row, day) = rows[index]
        var json = StorefrontJSON()
        json.append(
            row.action,
            StorefrontJSON.Envelope(
                messageID: "\(row) \(day)", user: "anna", anonymous: nil, at: Rows.start + .days(Int64(day))))
        return json.withPaddedBytes {
            body(ImportRow(line: index + 2, json: $0, isWithdrawal: row.isWithdrawal, original: $0))
        }
    }
}

extension Workshop {
    /// Imports as the command does, comparing with what the log knows.
    @discardableResult
    func importOrders(_ rows: OrderRows, rowCountMax: Int = 5_000, again: Bool = false) throws -> ImportResult {
        var rows = rows
        let importer = try Importer(
            broker: broker, names: names, partitionCount: partitionCount, settings: Self.routerSettings,
            rowCountMax: rowCountMax)
        let view = try view()
        let census: Importer<Broker>.Census = { number, isResumed throws(ProcessorError) in
            OrderCensus(of: isResumed ? try view.current(without: number) : try view.current())
        }
        let result = try importer.run(&rows, again: again, census: census) { _ in }
        _ = try importer.finish(rows.file)
        return result
    }

    func eachRecord(_ body: (LogRecord) throws -> Void) throws {
        for partition in 0..<partitionCount {
            let reader = try broker.reader(of: names.log(partition), from: NextOffset(0))
            var failure: (any Error)?
            while try reader.read(
                countMax: 100,
                { records in
                    for record in records {
                        do { try body(try LogRecord(record.value)) } catch { failure = error }
                    }
                }) > 0
            {}
            if let failure { throw failure }
        }
    }
}
