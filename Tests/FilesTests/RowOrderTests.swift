import CustomerLifecycle
import Testing

@testable import Files

@Suite struct `The order of rows` {
    private static func lines(_ rows: [String]) throws -> [Int] {
        var source = try OrdersSource(
            csv: "order_id,customer_id,ordered_at,cancelled_at\n" + rows.joined(separator: "\n"))
        return try source.all().map { $0.line - 2 }
    }

    @Test(arguments: [
        (["o,b,1,", "p,a,1,"], [1, 0]),
        (["o,a,2,", "p,a,1,"], [1, 0]),
        (["o2,a,1,", "o1,a,1,"], [1, 0]),
        (["o10,a,1,", "o9,a,1,"], [0, 1]),
        // A cancellation at the order's own instant comes behind it, and before other orders of that instant.
        (["o2,a,1,", "o1,a,1,1"], [1, 1, 0]),
        (["o1,a,5,7", "o2,a,6,6"], [0, 1, 1, 0]),
        // Ids longer than a word, equal but for the end, and one that is a prefix of another.
        (["o,customer-10,1,", "p,customer-1,1,", "q,customer-,1,", "r,customer,1,"], [3, 2, 1, 0]),
        (["o,12345678,1,", "p,1234567,1,", "q,123456789,1,"], [1, 0, 2]),
        // Ids are ordered by bytes, those that differ in case alone as one.
        (["o,é,1,", "p,z,1,", "q,Z,1,", "r,Y,1,"], [3, 1, 2, 0]),
        // What surrounds an id is not part of it.
        (["o2,\" a\",2,", "o1,a,1,", "o3,\"\"\"a\"\"\",3,"], [1, 0, 2]),
        (["o3,'b',3,", "o2,b,2,", "o0,a,9,", "o1, b ,1,"], [2, 3, 1, 0]),
    ])
    func `is by customer, time, order and kind`(rows: [String], lines: [Int]) throws {
        #expect(try Self.lines(rows) == lines)
    }

    @Test(arguments: UInt64(1)...60)
    func `is that of a plain comparison, and a function of the rows alone`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        func pick(_ texts: [String]) -> String { texts[Int.random(in: 0..<texts.count, using: &random)] }
        let customers = [
            "a", "b", "customer-0001", "customer-0002", "customer-00021", "\"x, \"\"y\"\" z\"", "12345678",
        ]
        let orders = ["o", "order-000001", "order-000002", "1"]
        var rows = (0..<Int.random(in: 1...80, using: &random)).map { number in
            [
                "\(pick(orders))\(number)", pick(customers), pick(["1", "2", "3"]), pick(["", "1", "2"]),
                pick(["", "9", "5.00"]),
            ].joined(separator: ",")
        }
        let header = "order_id,customer_id,ordered_at,cancelled_at,total\n"
        func lent(_ rows: [String]) throws -> [String] {
            var source = try OrdersSource(csv: header + rows.joined(separator: "\n"))
            #expect(source.refused.count == 0)
            return try source.all().map(\.json)
        }
        let first = try lent(rows)
        let naive = first.sorted { Plain($0) < Plain($1) }
        #expect(first.map { Plain($0) } == naive.map { Plain($0) }, "seed \(seed)")
        rows.shuffle(using: &random)
        #expect(try lent(rows) == first, "seed \(seed)")
    }

    /// The sort key of an event, read from its JSON.
    private struct Plain: Comparable {
        let texts: [String]

        init(_ json: String) {
            // No text of this test has a backslash before its first quote but one, which is cut there.
            let parts = json.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
            func text(_ name: String) -> String {
                parts.firstIndex(of: name).map { parts[$0 + 2] } ?? ""
            }
            texts = [
                text("userId"), text("timestamp"), text("order_id"), text("event") == "Order Completed" ? "0" : "1",
            ]
        }

        static func < (a: Self, b: Self) -> Bool {
            a.texts.lexicographicallyPrecedes(b.texts) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    @Test func `does not mind many rows that are all equal in what they begin with`() throws {
        let id = String(repeating: "customer ", count: 28)
        let rows = (0..<2_000).map { "order \(10_000 + $0),\(id)\($0 % 7),1," }
        let lines = try Self.lines(rows)
        #expect(lines == (0..<2_000).sorted { ($0 % 7, $0) < ($1 % 7, $1) })
    }
}
