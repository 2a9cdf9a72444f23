import Glibc
import Testing

@testable import Files

@Suite struct `The file of refused lines` {
    private static let orders = """
        order_id,customer_id,ordered_at,note
        o1,c,2024-01-01,
        o2,,2024-01-01,"said ""no"", twice"
        o3,c,soon,
        o4,c
        o5,c,2024-01-01,"never closed

        """

    private static let refused = #"""
        line,column,found,expected,row
        3,customer_id,nothing,the customer's id,"o2,,2024-01-01,""said """"no"""", twice"""
        4,ordered_at,`soon`,"a time such as 2026-01-31, 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970","o3,c,soon,"
        5,,2 fields,"4, as the header has","o4,c"
        6,note,a quote that is never closed,a closing quote,"o5,c,2024-01-01,""never closed"
        9,not_json,no event,,{
        10,not_json,no event,,{

        """#

    private static func text(of path: String) throws -> String {
        String(decoding: try FileText(path: path).whole().text, as: UTF8.self)
    }

    @Test func `has each line with its row, in the order of their numbers, and is whole or not there`() throws {
        let orders = TemporaryFile(Self.orders.utf8)
        let path = orders.path + ".refused"
        defer { unlink(path) }
        for _ in 0..<2 {
            let text = try FileText(path: orders.path)
            let file = try RefusedFile(path: path, beside: text)
            // What the log refuses comes by customer, and is met after the file was read.
            try Array("{".utf8).withUnsafeBytes {
                try file.append(line: 10, column: "not_json", found: "no event", expected: "", row: $0)
                try file.append(line: 9, column: "not_json", found: "no event", expected: "", row: $0)
            }
            let source = try OrdersSource(text, refusals: file)
            #expect(source.refused.count == 4)
            try file.write()
            #expect(try Self.text(of: path) == Self.refused)
            #expect(access(path + ".unfinished", F_OK) != 0)
        }
    }

    @Test func `keeps bytes that are no text, and of a row without end its beginning`() throws {
        let bytes =
            Array("order_id,customer_id,ordered_at\no,".utf8) + [0xE9, 0x0A] + [UInt8](repeating: 0x61, count: 9 << 20)
        let orders = TemporaryFile(bytes)
        let path = orders.path + ".refused"
        defer { unlink(path) }
        let text = try FileText(path: orders.path)
        let file = try RefusedFile(path: path, beside: text)
        _ = try OrdersSource(text, refusals: file)
        try file.write()
        let written = try FileText(path: path).whole().text
        #expect(written.contains(0xE9))
        #expect(written.count < 1 << 20 + 300 && written.count > 1 << 20)
    }

    @Test func `is refused in the place of the imported file, of what is no file, and where nothing can be written`()
        throws
    {
        let orders = TemporaryFile(Self.orders.utf8)
        let text = try FileText(path: orders.path)
        func told(_ path: String) -> String {
            do throws(ImportError) {
                _ = try RefusedFile(path: path, beside: text)
                return "taken"
            } catch {
                return "\(error)"
            }
        }
        #expect(told(orders.path).hasSuffix("the file that is imported would be overwritten"))
        #expect(told("/tmp/../" + orders.path).hasSuffix("the file that is imported would be overwritten"))
        let unfinished = TemporaryFile(Self.orders.utf8, named: ".unfinished")
        let other = try FileText(path: unfinished.path)
        #expect(throws: ImportError.self) {
            try RefusedFile(path: String(unfinished.path.dropLast(".unfinished".count)), beside: other)
        }
        #expect(try Self.text(of: unfinished.path) == Self.orders)
        #expect(told("/dev/null") == "--refused /dev/null: it is no regular file")
        #expect(told("/tmp") == "--refused /tmp: it is no regular file")
        #expect(told("/no/such/file") == "the refused lines cannot be written: There is no /no/such/file.unfinished.")
        #expect(try Self.text(of: orders.path) == Self.orders)
    }
}
