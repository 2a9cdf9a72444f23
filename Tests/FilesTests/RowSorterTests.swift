import Glibc
import Storage
import Testing

@testable import Files

@Suite struct `Rows that are sorted` {
    private struct Row: Equatable {
        var group = 0
        var person = ""
        var order: Int64 = 0
        var second = ""
        var kind = 0
        var line = 0
        var text = ""

        init(_ row: SortedRow) {
            group = row.group
            person = String(decoding: row.person, as: UTF8.self)
            order = row.order
            second = String(decoding: row.second, as: UTF8.self)
            kind = row.kind
            line = row.line
            text = String(decoding: row.text, as: UTF8.self)
        }

        init(line: Int, _ random: inout SeededGenerator) {
            func pick(_ texts: [String]) -> String { texts[Int.random(in: 0..<texts.count, using: &random)] }
            group = Int.random(in: 0...1, using: &random)
            person = pick(["", "a", "customer-1", "customer-10", "12345678", "é", String(repeating: "long", count: 64)])
            order = Int64.random(in: -2...2, using: &random)
            second = pick(["", "o-1", "o-10"])
            kind = Int.random(in: 0...3, using: &random)
            text = pick(["", "x", "xy", String(repeating: "text", count: 100)])
            self.line = line
        }

        func append(to sorter: RowSorter) throws {
            var (person, second, text) = (person, second, text)
            try person.withUTF8 { person in
                try second.withUTF8 { second in
                    try text.withUTF8 { text in
                        try sorter.append(
                            RowFields(
                                group: group, person: UnsafeRawBufferPointer(person), order: order,
                                second: UnsafeRawBufferPointer(second), kind: kind, line: line,
                                text: UnsafeRawBufferPointer(text)))
                    }
                }
            }
        }

        static func < (a: Self, b: Self) -> Bool {
            func isLess(_ a: String, _ b: String) -> Bool? {
                a == b ? nil : a.utf8.lexicographicallyPrecedes(b.utf8)
            }
            guard a.group == b.group else { return a.group < b.group }
            if let isLess = isLess(a.person, b.person) { return isLess }
            guard a.order == b.order else { return a.order < b.order }
            if let isLess = isLess(a.second, b.second) { return isLess }
            guard a.kind == b.kind else { return a.kind < b.kind }
            return isLess(a.text, b.text) ?? (a.line < b.line)
        }
    }

    private static func sorted(_ rows: [Row], _ limits: RowSorter.Limits, in space: ImportSpace) throws -> [Row] {
        let sorter = RowSorter(space, limits)
        for row in rows { try row.append(to: sorter) }
        let sorted = try sorter.sorted()
        #expect(sorted.count == rows.count)
        var lent: [[Row]] = []
        // They are lent again from the beginning.
        for _ in 0..<2 {
            lent.append(try (0..<rows.count).map { Row(try sorted.row($0)) })
            #expect(try sorted.next() == nil)
        }
        #expect(lent[0] == lent[1])
        return lent[0]
    }

    /// Memory for all rows, for some, for one, and for none that is not alone; many runs, and runs of runs.
    @Test(arguments: UInt64(1)...30, [1 << 20, 5_000, 700, 10])
    func `come in one order, however few fit in memory`(seed: UInt64, byteCountMax: Int) throws {
        var random = SeededGenerator(seed)
        let rows = (0..<Int.random(in: 0...300, using: &random)).map { Row(line: $0, &random) }
        let limits = RowSorter.Limits(byteCountMax: byteCountMax, rowCountMax: 100, runCountMax: 3)
        #expect(try Self.sorted(rows, limits, in: .temporary) == rows.sorted { $0 < $1 }, "seed \(seed)")
    }

    @Test func `may be larger than what is read of a run at a time`() throws {
        var random = SeededGenerator(1)
        var rows = (0..<40).map { Row(line: $0, &random) }
        for index in stride(from: 0, to: 40, by: 3) { rows[index].text = String(repeating: "x", count: 90_000 * index) }
        let limits = RowSorter.Limits(byteCountMax: 1_000_000, rowCountMax: 100, runCountMax: 3)
        #expect(try Self.sorted(rows, limits, in: .temporary) == rows.sorted { $0 < $1 })
    }

    @Test func `take as much memory as was allowed, however many they are`() throws {
        var random = SeededGenerator(1)
        let space = ImportSpace.temporary
        let limits = RowSorter.Limits(byteCountMax: 200_000, rowCountMax: 1_000, runCountMax: 3)
        let rows = (0..<20_000).map { Row(line: $0, &random) }
        _ = try Self.sorted(rows, limits, in: space)
        #expect(space.work.spilledRowCount > 50_000, "there were runs of runs of runs")
        // The rows, their entries, a buffer for each run that is merged, and one to write through.
        #expect(space.heldByteCountMax <= 200_000 + 36_000 + 4 * (1 << 17) + 1 << 20)
        #expect(space.heldByteCount == 0)
    }

    @Test func `leave no file behind, and say where there is no room for one`() throws {
        #expect(throws: StorageError.missing(path: "/no/such/directory")) {
            do throws(StorageError) {
                _ = try ImportSpace(directory: "/no/such/directory").makeFile()
            } catch {
                guard case .missing(let path) = error else { throw error }
                throw StorageError.missing(path: String(path.prefix(18)))
            }
        }
        var name = Array("/tmp/lifecycle-space-XXXXXX".utf8CString)
        let directory = try #require(mkdtemp(&name).map { String(cString: $0) })
        defer { rmdir(directory) }
        let file = try ImportSpace(directory: directory).makeFile()
        try Array("text".utf8).withUnsafeBytes { try file.append($0) }
        #expect(file.byteCount == 4)
        #expect(try FileDisk().names(in: directory) == [])
    }
}
