package import CustomerLifecycle

/// What an import took a file of orders for, and what comes of it: part of the import's report.
package struct OrdersReport: Equatable, Sendable {
    /// A column that is used: our name, the file's, and how its values are read.
    package struct Column: Equatable, Sendable {
        package var name: String
        package var theirs: [String]
        package var note: String?

        package init(name: String, theirs: [String], note: String?) {
            self.name = name
            self.theirs = theirs
            self.note = note
        }
    }

    /// What the orders that count brought in a currency, refunds taken off.
    package struct Sum: Equatable, Sendable {
        package var currency: String
        package var amount: String
        package var orders: Int

        package init(currency: String, amount: String, orders: Int) {
            self.currency = currency
            self.amount = amount
            self.orders = orders
        }
    }

    /// A word for an order's status, how many orders have it, and what it means; nil where that is not known.
    package struct Status: Equatable, Sendable {
        package var word: String
        package var orders: Int
        package var meaning: String?

        package init(word: String, orders: Int, meaning: String?) {
            self.word = word
            self.orders = orders
            self.meaning = meaning
        }
    }

    /// Why lines were refused, and how many.
    package struct Refusal: Equatable, Sendable {
        package var reason: String
        package var lines: Int

        package init(reason: String, lines: Int) {
            self.reason = reason
            self.lines = lines
        }
    }

    package struct Sample: Equatable, Sendable {
        package var line: Int
        package var order: String
        package var customer: String
        package var orderedAt: Instant
        package var value: String?
        package var status: String

        package init(
            line: Int, order: String, customer: String, orderedAt: Instant, value: String?, status: String
        ) {
            self.line = line
            self.order = order
            self.customer = customer
            self.orderedAt = orderedAt
            self.value = value
            self.status = status
        }
    }

    /// The export it was taken for, and why.
    package var format = ""
    package var reason = ""
    package var columns: [Column] = []
    package var unusedColumns: [String] = []
    /// What an order's value is, in words; nil where the file has no amounts.
    package var value: String?
    /// Rows of the file that are not blank.
    package var rows = 0
    /// Orders that count, and all that were taken, cancelled and refunded ones too.
    package var orders = 0
    package var ordersTaken = 0
    package var customers = 0
    package var period: ClosedRange<Instant>?
    package var sums: [Sum] = []
    /// Orders that count and have no amount.
    package var unvaluedOrders = 0
    /// Orders that count, and of which more may have been refunded than the file says.
    package var unsureRefunds = 0
    package var statuses: [Status] = []
    /// The lines that the file's own reading refused, by reason. The report's count of refused lines has them too.
    package var refusals: [Refusal] = []
    /// The first ten.
    package var samples: [Sample] = []
    /// What the user should know.
    package var notes: [String] = []

    package init() {}

    func write(to json: inout JSONWriter) {
        json.member("format", format)
        json.member("format_reason", reason)
        json.array("columns", columns) { json, column in
            json.beginObject()
            json.member("name", column.name)
            json.array("theirs", column.theirs) { $0.value($1) }
            json.member("note", column.note)
            json.endObject()
        }
        json.array("unused_columns", unusedColumns) { $0.value($1) }
        json.member("value", value)
        json.member("rows", rows)
        json.member("orders", orders)
        json.member("orders_taken", ordersTaken)
        json.member("customers", customers)
        json.member("from", period?.lowerBound)
        json.member("to", period?.upperBound)
        json.array("sums", sums) { json, sum in
            json.beginObject()
            json.member("currency", sum.currency)
            json.member("amount", sum.amount)
            json.member("orders", sum.orders)
            json.endObject()
        }
        json.member("orders_without_amount", unvaluedOrders)
        json.member("orders_with_unknown_refunds", unsureRefunds)
        json.array("statuses", statuses) { json, status in
            json.beginObject()
            json.member("word", status.word)
            json.member("orders", status.orders)
            json.member("meaning", status.meaning)
            json.endObject()
        }
        json.array("refusals", refusals) { json, refusal in
            json.beginObject()
            json.member("reason", refusal.reason)
            json.member("lines", refusal.lines)
            json.endObject()
        }
        json.array("samples", samples) { json, sample in
            json.beginObject()
            json.member("line", sample.line)
            json.member("order_id", sample.order)
            json.member("customer_id", sample.customer)
            json.member("ordered_at", sample.orderedAt)
            json.member("value", sample.value)
            json.member("status", sample.status)
            json.endObject()
        }
        json.array("notes", notes) { $0.value($1) }
    }
}
