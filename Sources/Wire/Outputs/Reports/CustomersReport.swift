package import CustomerLifecycle

/// `customers`: rows as `lifecycle.customers` holds them.
package struct CustomersReport: Report, Equatable {
    package var asOf: Instant?
    package var rows: [CustomerRow]
    /// How many there are, whether shown or not.
    package var count: Int

    package init(asOf: Instant?, rows: [CustomerRow], count: Int) {
        self.asOf = asOf
        self.rows = rows
        self.count = count
    }

    package func writeMembers(to json: inout JSONWriter) {
        Self.write(asOf: asOf, shownCount: rows.count, count: count, to: &json) { json in
            for row in rows { row.write(to: &json) }
        }
    }

    /// Writes the members around rows that `body` writes.
    package static func write(
        asOf: Instant?, shownCount: Int, count: Int, to json: inout JSONWriter, rows body: (inout JSONWriter) -> Void
    ) {
        json.member("as_of", asOf)
        json.name("customers")
        json.beginArray()
        body(&json)
        json.endArray()
        json.member("count", count)
        json.member("shown", shownCount)
    }
}
