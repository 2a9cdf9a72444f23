import MappingLanguage
import Testing
import Wire

/// Debezium's changes of a table of orders, as its JSON converter writes them with a schema and without.
@Suite struct `Debezium's orders` {
    private let shop: MappedShop

    init() throws { shop = try MappedShop(.debeziumOrders) }

    /// How the connector writes one column.
    private struct Column {
        let name: String
        let value: String
        let schema: String

        static func total(_ value: String, _ schema: String) -> Self {
            Self(name: "total", value: value, schema: schema)
        }
        static func created(_ value: String, _ type: String) -> Self {
            Self(name: "created_at", value: value, schema: #""type":"int64","name":"\#(type)""#)
        }
    }

    private static let precise =
        #""type":"bytes","name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":"2","connect.decimal.precision":"10"}"#
    private static let micro = "io.debezium.time.MicroTimestamp"

    private func record(
        _ op: String, _ columns: [Column], status: String = "paid", withSchema: Bool, in image: String = "after"
    ) -> String {
        let all =
            [
                Column(name: "id", value: "7", schema: #""type":"int64""#),
                Column(name: "customer_id", value: "\"ada\"", schema: #""type":"string""#),
                Column(name: "status", value: "\"\(status)\"", schema: #""type":"string""#),
                Column(name: "currency", value: "\"EUR\"", schema: #""type":"string""#),
            ] + columns
        let row = "{" + all.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}"
        let before = image == "before" ? row : "null"
        let after = image == "after" ? row : "null"
        let payload =
            #"{"before":\#(before),"after":\#(after),"source":{"version":"3.0","ts_ms":1746180000000},"op":"\#(op)","ts_ms":1746180000009}"#
        guard withSchema else { return payload }
        let fields = all.map { "{\($0.schema),\"optional\":true,\"field\":\"\($0.name)\"}" }.joined(separator: ",")
        let rows = ["before", "after"].map {
            #"{"type":"struct","fields":[\#(fields)],"optional":true,"field":"\#($0)"}"#
        }
        return
            #"{"schema":{"type":"struct","fields":[\#(rows.joined(separator: ",")),{"type":"string","field":"op"}],"name":"shop.orders.Envelope"},"payload":\#(payload)}"#
    }

    private func completed(_ total: String, at time: String = "2025-05-01T10:00:00Z") -> MappedShop.Outcome {
        .events(["Order Completed u:ada \(time) order_id=7 revenue=\(total) currency=EUR"])
    }

    private let created = Column.created("1746093600000000", micro)

    @Test(arguments: [
        ("precise", #""BOI=""#, Self.precise, "12.50"), ("precise, negative", #""+x4=""#, Self.precise, "-12.50"),
        (
            "precise without a fixed scale", #"{"scale":3,"value":"MNQ="}"#,
            #""type":"struct","fields":[],"name":"io.debezium.data.VariableScaleDecimal""#, "12.500"
        ),
        ("string", #""12.50""#, #""type":"string""#, "12.50"), ("double", "12.5", #""type":"double""#, "12.5"),
    ])
    func `have their decimals as the schema says`(mode: String, value: String, schema: String, total: String) {
        #expect(
            shop.map(record("c", [.total(value, schema), created], withSchema: true)) == completed(total), "\(mode)")
    }

    @Test(arguments: [(#""12.50""#, "12.50"), ("12.5", "12.5"), (#"{"scale":3,"value":"MNQ="}"#, "12.500")])
    func `have them as text, number or with their scale where there is no schema`(value: String, total: String) {
        #expect(shop.map(record("c", [.total(value, ""), created], withSchema: false)) == completed(total))
    }

    @Test func `without schema have precise ones as the mapping states, and are rejected where it states nothing`()
        throws
    {
        let value = record("c", [.total(#""BOI=""#, ""), created], withSchema: false)
        #expect(
            shop.map(value)
                == .rejected(
                    .unreadableField,
                    "`after.total` (revenue) is `BOI=`; expected a decimal number such as 12.50."))
        let stated = try MappedShop(
            BuiltInMapping.debeziumOrders.text.replacing(
                "revenue: after.total", with: "revenue: {field: after.total, as: base64, scale: 2}"))
        #expect(stated.map(value) == completed("12.50"))
    }

    @Test(arguments: [
        (Self.micro, "1746093600000000", "2025-05-01T10:00:00Z"),
        ("io.debezium.time.Timestamp", "1746093600000", "2025-05-01T10:00:00Z"),
        ("org.apache.kafka.connect.data.Timestamp", "1746093600000", "2025-05-01T10:00:00Z"),
        ("io.debezium.time.NanoTimestamp", "1746093600000000000", "2025-05-01T10:00:00Z"),
        ("io.debezium.time.Date", "20209", "2025-05-01T00:00:00Z"),
        ("io.debezium.time.ZonedTimestamp", #""2025-05-01T10:00:00.000000Z""#, "2025-05-01T10:00:00Z"),
    ])
    func `have their times in the unit that the schema says`(type: String, value: String, time: String) {
        let columns = [Column.total(#""12.50""#, #""type":"string""#), .created(value, type)]
        #expect(shop.map(record("c", columns, withSchema: true)) == completed("12.50", at: time))
    }

    @Test func `have their times in the unit that the mapping states where there is no schema`() {
        let columns = [Column.total("1", ""), .created("1746093600000000", "")]
        #expect(shop.map(record("c", columns, withSchema: false)) == completed("1"))
    }

    @Test(arguments: [true, false])
    func `are inserts, updates, deletes, tombstones, and snapshots as history`(withSchema: Bool) {
        let columns = [Column.total(#""1.00""#, #""type":"string""#), created]
        func map(_ op: String, status: String = "paid", in image: String = "after") -> MappedShop.Outcome {
            shop.map(record(op, columns, status: status, withSchema: withSchema, in: image))
        }
        #expect(map("c") == completed("1.00"))
        guard case .events(let placed) = completed("1.00"), case .events(let updated) = map("u") else {
            Issue.record("an update is an order")
            return
        }
        // What the row says now counts from when it was changed.
        let change = "Order Updated u:ada 2025-05-02T10:00:00Z order_id=7 revenue=1.00 currency=EUR"
        #expect(updated == placed + [change])
        #expect(map("u", status: "open") == .nothing(.noEvent))
        #expect(map("t", status: "open") == .nothing(.noEvent))
        guard case .events(let snapshot) = map("r") else {
            Issue.record("a row of a snapshot is an order")
            return
        }
        #expect(snapshot.count == 1 && snapshot[0].hasSuffix(" history"))
        #expect(map("d", in: "before") == .events(["Order Cancelled u:ada 2025-05-02T10:00:00Z order_id=7"]))
        #expect(shop.map(nil) == .nothing(.tombstone))
        #expect(shop.map(#"{"schema":null,"payload":null}"#) == .nothing(.tombstone))
    }

    @Test func `whose deleted row names nobody are rejected, which says what is missing`() {
        let value = #"{"before":{"id":7},"after":null,"source":{"ts_ms":1746180000000},"op":"d"}"#
        #expect(
            shop.map(value)
                == .rejected(
                    .noSubject,
                    "There is no `before.customer_id` (userId); expected an id: a text or a whole number."))
    }
}
