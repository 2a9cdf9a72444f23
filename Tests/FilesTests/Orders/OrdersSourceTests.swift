import CustomerLifecycle
import MappingLanguage
import Processor
import Testing
import Wire

@testable import Files

@Suite struct `The orders of a CSV file` {
    private static let header = "order_id,customer_id,ordered_at,total,currency\n"

    @Test func `are lent as storefront events`() throws {
        var source = try OrdersSource(csv: Self.header + "o1,c1,1997-01-01,11.77,USD\n")
        #expect(source.file.rowCount == 1)
        // The hash of kind, milliseconds, and each field behind its length, eight bytes each, as another program
        // computed it.
        let id = "a80da835165a62b79b7aeda9bf7f36fed1d9d7e6e5cfecf54a5b94618b15af6b"
        let expected =
            #"{"messageId":"\#(id)","type":"track","event":"Order Completed","userId":"c1","#
            + #""timestamp":"1997-01-01T00:00:00.000Z","#
            + #""properties":{"order_id":"o1","revenue":"11.77","currency":"USD"}}"#
        #expect(try source.all() == [Lent(line: 2, json: expected)])
    }

    /// The events of one row, without the order's ids and the message id.
    @Test(arguments: [
        ("", "", [#""Order Completed" at 0 {"order_id":"o"}"#]),
        ("total", "  ", [#""Order Completed" at 0 {"order_id":"o"}"#]),
        ("total", "\"1.234,56\"", [#""Order Completed" at 0 {"order_id":"o","revenue":"1234.56"}"#]),
        (
            "total,currency", "1e2,eur",
            [#""Order Completed" at 0 {"order_id":"o","revenue":"100.00","currency":"EUR"}"#]
        ),
        ("coupon", "", [#""Order Completed" at 0 {"order_id":"o","coupon":""}"#]),
        ("coupon", "\"A \"\"B\"\"\"", [#""Order Completed" at 0 {"order_id":"o","coupon":"A \"B\""}"#]),
        (
            "discount,cost_of_goods", "5,4",
            [#""Order Completed" at 0 {"order_id":"o","discount":"5.00","cost_of_goods":"4.00"}"#]
        ),
        (
            "category", "Shoes| Socks ||",
            [#""Order Completed" at 0 {"order_id":"o","products":[{"category":"Shoes"},{"category":" Socks "}]}"#]
        ),
        ("notes", "\"line one\nline \\ two\t\"", [#""Order Completed" at 0 {"order_id":"o"}"#]),
        (
            "cancelled_at,coupon", "1970-01-01T00:00:01Z,X",
            [#""Order Completed" at 0 {"order_id":"o","coupon":"X"}"#, #""Order Cancelled" at 1000 {"order_id":"o"}"#]
        ),
        (
            "refunded_at,refunded_total,currency,total", "86400,2.50,EUR,9",
            [
                #""Order Completed" at 0 {"order_id":"o","revenue":"9.00","currency":"EUR"}"#,
                #""Order Refunded" at 86400000 {"order_id":"o","refund_amount":"2.50","currency":"EUR"}"#,
            ]
        ),
        (
            "refunded_at,total", "1970-01-01,9",
            [
                #""Order Completed" at 0 {"order_id":"o","revenue":"9.00"}"#,
                #""Order Refunded" at 0 {"order_id":"o"}"#,
            ]
        ),
        (
            "refunded_total", "9",
            [
                #""Order Completed" at 0 {"order_id":"o"}"#,
                #""Order Refunded" at 0 {"order_id":"o","refund_amount":"9.00"}"#,
            ]
        ),
        ("refunded_at,refunded_total", ",0.00", [#""Order Completed" at 0 {"order_id":"o"}"#]),
    ])
    func `say what their columns say`(columns: String, fields: String, events: [String]) throws {
        let more = columns.isEmpty ? "" : ","
        var source = try OrdersSource(
            csv: "order_id,customer_id,ordered_at\(more)\(columns)\no,c,1970-01-01\(more)\(fields)\n")
        #expect(source.refused.first == [])
        #expect(try source.all().map(Self.gist) == events)
    }

    /// Returns the event's name, its time in milliseconds and its properties.
    private static func gist(_ lent: Lent) -> String {
        let fields = lent.json.matches(of: /"event":("[^"]*").*"timestamp":"([^"]*)","properties":(.*)\}$/)
        guard let found = fields.first, let time = TimeText.parse(String(found.output.2)) else { return lent.json }
        return "\(found.output.1) at \(time.milliseconds) \(found.output.3)"
    }

    @Test func `count their times in the zone that the user names`() throws {
        let zone = ZoneTable(
            name: "Europe/Berlin", transitions: [.init(at: .distantPast, offset: .hours(1))])
        let file = TemporaryFile((Self.header + "o1,c,2024-01-01,,\no2,c,2024-01-01T00:00:00Z,,\n").utf8)
        let text = try FileText(path: file.path)
        var source = try OrdersSource(text, zone: zone)
        #expect(try source.all().map(\.line) == [2, 3])
        #expect(try source.all().first?.json.contains("2023-12-31T23:00:00.000Z") == true)
        let other = try OrdersSource(FileText(path: file.path)).file
        #expect(source.file.hash != other.hash)
        #expect(source.file.content == other.content)
    }

    @Test(arguments: [
        (",c,2024-01-01,1,EUR", "line 2, order_id: found nothing, expected the order's id"),
        ("o, ,2024-01-01,1,EUR", "line 2, customer_id: found nothing, expected the customer's id"),
        (
            "o,c,,1,EUR",
            "line 2, ordered_at: found nothing, expected a time such as 2026-01-31, 2026-01-31T12:00:00Z, "
                + "or seconds or milliseconds since 1970"
        ),
        (
            "o,c,31/13/2024,1,EUR",
            "line 2, ordered_at: found `31/13/2024`, expected a time such as 2026-01-31, 2026-01-31T12:00:00Z, "
                + "or seconds or milliseconds since 1970"
        ),
        ("o,c,2024-01-01,1", "line 2: found 4 fields, expected 5, as the header has"),
        ("o", "line 2: found 1 field, expected 5, as the header has"),
        ("o,c,2024-01-01,1,EUR,", "line 2: found 6 fields, expected 5, as the header has"),
        ("o,c,2024-01-01,1,\"EUR", "line 2, currency: found a quote that is never closed, expected a closing quote"),
        (
            "o,\"c\"x,2024-01-01,1,EUR",
            "line 2, customer_id: found text behind a closing quote, "
                + "expected the field to end there, or quotes in it to be doubled"
        ),
        ("o,c\0,2024-01-01,1,EUR", "line 2: found a NUL as byte 4 of the row, expected text in UTF-8"),
    ])
    func `are refused with line, field and what was expected`(row: String, message: String) throws {
        var source = try OrdersSource(csv: Self.header + row + "\no2,c,2024-01-01,1,EUR\n")
        #expect(source.refused.first.map(\.description) == [message])
        #expect(source.refused.count == 1)
        // The next line is read, whatever was wrong with the bad one.
        #expect(try source.all().map(\.line) == [3])
    }

    @Test func `are refused where they are not UTF-8`() throws {
        let file = TemporaryFile(
            Array(Self.header.utf8) + Array("o,".utf8) + [0xE9] + Array(",2024-01-01,1,EUR\n".utf8))
        let source = try OrdersSource(FileText(path: file.path))
        #expect(
            source.refused.first.map(\.description)
                == [
                    "line 2: found something else as byte 3 of the row, "
                        + "expected text in UTF-8; perhaps --encoding cp1252"
                ])
    }

    @Test(arguments: [
        ("cancelled_at", "soon", "`soon`"), ("refunded_at", "1/2", "`1/2`"), ("refunded_at", "a@b", "an @"),
    ])
    func `are refused where a later time cannot be read`(column: String, text: String, found: String) throws {
        let source = try OrdersSource(csv: "order_id,customer_id,ordered_at,\(column)\no,c,2024-01-01,\(text)\n")
        #expect(source.file.rowCount == 0)
        let refusal = try #require(source.refused.first.first)
        #expect(refusal.field == column)
        #expect(refusal.found.contains(found))
    }

    @Test func `have refunds without a time at their own, and say so`() throws {
        var source = try OrdersSource(
            csv: "order_id,customer_id,ordered_at,Refunded_At,refunded_total\no,c,2024-01-01,,12.00\n")
        #expect(try source.all().map { $0.json.contains("2024-01-01T00:00:00.000Z") } == [true, true])
        #expect(
            source.summary.report().notes.contains("1 refund has no date: it counts from the order's own instant on"))
    }

    @Test func `are counted where too many are refused to show`() throws {
        let source = try OrdersSource(csv: Self.header + String(repeating: "x\n", count: 1_000))
        #expect(source.refused.count == 1_000)
        #expect(source.refused.first.count == RefusedLines.keptMax)
        #expect(source.refused.first.last?.line == 101)
    }

    @Test(arguments: ["", "\n", "\n\n\r\n\r", ",,,,\n,,,,\n"])
    func `may be none`(rows: String) throws {
        let source = try OrdersSource(csv: Self.header + rows)
        #expect(source.file.rowCount == 0)
        #expect(source.refused.count == 0)
    }

    @Test func `have the numbers of their lines, whatever ends them and stands between`() throws {
        var source = try OrdersSource(
            csv:
                "order_id,customer_id,ordered_at,x\r\n\r\no1,c,2024-01-01,\"a\r\nb\nc\rd\"\r\n\n"
                + "o2,c,2024-01-02,\ro3,c,2024-01-03,"
        )
        #expect(source.refused.first == [])
        #expect(try source.all().map(\.line) == [3, 8, 9])
    }

    @Test func `name columns that say nothing to us once`() throws {
        let source = try OrdersSource(
            csv: "order_id,customer_id,colour,ordered_at\no,c,1,2024-01-01\no,c,1,2024-01-01\n")
        #expect(source.summary.report().unusedColumns == ["colour"])
    }

    @Test func `are the same events in another file, by what their rows say`() throws {
        var first = try OrdersSource(csv: "order_id,customer_id,ordered_at,total\no,c,2024-01-01,1\n")
        var second = try OrdersSource(
            csv: "x;total;ordered_at;customer_id;order_id\n;1;2024-01-01T00:00:00Z; c ;\"o\"\n")
        #expect(try first.all().map(\.json) == second.all().map(\.json))
        #expect(first.file.hash != second.file.hash)
    }

    @Test(arguments: [
        ("o,c,1,2,", "o,c,1,,2"), ("o,c,1,2,", "o,c,2,2,"), ("o,c1,1,2,", "o1,c,1,2,"), ("oc,d,1,2,", "o,cd,1,2,"),
        ("o,c,1,,", "o,c,1,0,"),
    ])
    func `are other events where their rows say something else`(first: String, second: String) throws {
        let ids = try [first, second].map { row in
            var source = try OrdersSource(csv: "order_id,customer_id,ordered_at,discount,total\n\(row)\n")
            return try source.all().map { $0.json.prefix(80) }
        }
        #expect(ids[0].count == 1 && ids[1].count == 1 && ids[0] != ids[1])
    }

    @Test func `keep their hash under the same content, columns and zone only`() throws {
        let rows = "\n1,2,2024-01-01,2024-01-02\n"
        let first = try OrdersSource(csv: "id,user,a,b" + rows, columns: ["order=id,customer=user,at=a"])
        let same = try OrdersSource(csv: "id,user,a,b" + rows, columns: ["at= A ,customer_id=user", "order=ID"])
        let other = try OrdersSource(csv: "id,user,a,b" + rows, columns: ["order=id,customer=user,at=b"])
        #expect(first.file.hash == same.file.hash)
        #expect(first.file.hash != other.file.hash)
        #expect(first.file.hash.count == 64)
    }

    @Test func `are the same packed`() throws {
        let text = Self.header + "o1,c1,2024-01-01,1,EUR\no2,c0,2024-01-01,1,EUR\n"
        let plain = TemporaryFile(text.utf8)
        let packed = TemporaryFile(StoredGzip(Array(text.utf8)).bytes)
        var first = try OrdersSource(FileText(path: plain.path))
        var second = try OrdersSource(FileText(path: packed.path))
        #expect(try first.all() == second.all())
        #expect(first.file.hash == second.file.hash)
    }

    @Test func `may stand behind a field of any size`() throws {
        let long = String(repeating: "x", count: 300_000)
        let rows = ["3", "1", "2"].map { "\"\(long)\"\"\",c\($0),o\($0),2024-01-01\n" }.joined()
        var source = try OrdersSource(csv: "note,customer_id,order_id,ordered_at\n" + rows)
        #expect(try source.all().map(\.line) == [3, 4, 2])
    }

    @Test(arguments: UInt64(1)...200)
    func `are read without a fault from any bytes`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let parts = ["o1", "c1", "2024-01-01", ",", "\"", "\"\"", "\n", "\r", "\r\n", "\0", "é", "x", ",,", "9"]
        let rows = (0..<400).map { _ in parts[Int.random(in: 0..<parts.count, using: &random)] }.joined()
        var bytes = Array((Self.header + rows).utf8)
        for _ in 0..<(seed % 4) { bytes[Int.random(in: 50..<bytes.count, using: &random)] = 0xFF }
        let file = TemporaryFile(bytes)
        var request = OrdersRequest()
        request.amounts = .order
        var source = try OrdersSource(FileText(path: file.path), request, .shared, .euros, clock: OrdersSource.clock)
        let lineCount = bytes.count
        for lent in try source.all() {
            #expect((2...lineCount).contains(lent.line), "seed \(seed)")
            #expect(lent.json.hasSuffix("}}"), "seed \(seed)")
        }
    }

    @Test func `with quotes that never close cost one line each`() throws {
        let rows = (0..<20_000).map { "o\($0),\"c\($0),2024-01-01,1,EUR\nn\($0),c,2024-01-01,1,EUR\n" }.joined()
        let source = try OrdersSource(csv: Self.header + rows)
        #expect(source.refused.count == 20_000)
        #expect(source.file.rowCount == 20_000)
    }

    /// By the bytes that are looked at, whatever time that takes.
    @Test(arguments: [
        "b\",\"d", "b\",\"d\n", "a,\"b\n", "a,\"b\n\"c,\"d\n", "\"\n", "\"\"\n", "\",\"\r\n", "\",",
        "a,\"b\n,\"\"c\n\"x\n",
    ])
    func `of any text are read at a cost that grows as the text does`(piece: String) throws {
        for pieceCount in [100, 1_000, 10_000] {
            let window = try Self.window(String(repeating: piece, count: pieceCount))
            let reader = OrderRows(header: try OrdersHeader(window, OrdersRequest(), .shared))
            _ = try Self.rows(reader, window)
            #expect(Double(reader.readByteCount) / Double(window.text.byteCount) < 4)
        }
    }

    @Test(arguments: UInt64(1)...4)
    func `are what they are when each is read alone`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let pieces = ["\"", "\"", ",", "\n", "\r\n", "\r", "a", "\"\""]
        for _ in 0..<800 {
            let rows = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            let window = try Self.window(rows.joined())
            let header = try OrdersHeader(window, OrdersRequest(), .shared)
            let reader = OrderRows(header: header)
            for row in try Self.rows(reader, window) {
                // It knows nothing of the rows before.
                let alone = OrderRows(header: header)
                let expected = try alone.read(at: row.start, line: 1, in: window)
                #expect(row.nextIndex == expected.nextIndex && row.breakCount == expected.breakCount, "\(rows)")
                #expect(Self.kind(of: row.fault) == Self.kind(of: expected.fault), "\(rows)")
            }
        }
    }

    private static func window(_ rows: String) throws -> TextWindow {
        let file = TemporaryFile((header + rows).utf8)
        return try TextWindow(FileText(path: file.path))
    }

    private static func rows(_ reader: OrderRows, _ window: TextWindow) throws -> [OrderRows.Row] {
        var rows: [OrderRows.Row] = []
        var start = reader.header.head.firstRow
        while start < window.text.byteCount {
            rows.append(try reader.read(at: start, line: 1, in: window))
            start = rows[rows.count - 1].nextIndex
        }
        return rows
    }

    /// Without the column, which is the one that runs over the line's end where a row before told how it ends.
    private static func kind(of fault: RefusedLine?) -> String { fault.map { "\($0.found), \($0.expected)" } ?? "" }

    @Test func `longer than an event may be, or with longer ids than are taken, are refused before they are sorted`()
        throws
    {
        let long = String(repeating: "7", count: 400_000)
        let huge = String(repeating: "7", count: OrderRows.rowByteCountMax)
        let source = try OrdersSource(
            csv: Self.header + "\(long)1,c,2024-01-01,1,EUR\no,\(long)2,2024-01-01,1,EUR\no,c,2024-01-01,1,\(huge)\n"
                + "\(long.prefix(64)),\(long.prefix(256)),2024-01-01,1,EUR\n")
        #expect(source.file.rowCount == 1)
        #expect(source.refused.first.map(\.line) == [2, 3, 4])
    }
}
