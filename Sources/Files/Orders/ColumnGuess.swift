import MappingLanguage

/// What a header's names may mean, by their words. A guess is shown to be said, and never taken by itself.
enum ColumnGuess {
    /// Options for the shell that say what the columns may be, the required ones first. `known` are said already.
    static func hint(_ header: [String], _ known: [OrderColumn: [Int]]) -> String {
        var taken = Set(known.values.joined())
        var options: [String] = []
        for (column, _) in patterns where known[column] == nil {
            guard let place = place(of: column, in: header, besides: taken) else {
                if OrderColumn.required.contains(column) { options.append("--columns \(shell("\(column.name)=…"))") }
                continue
            }
            taken.insert(place)
            options.append("--columns \(shell(pair(column, header[place])))")
        }
        return options.joined(separator: " ")
    }

    private static func place(of column: OrderColumn, in header: [String], besides taken: Set<Int>) -> Int? {
        let words = header.map { Set(self.words($0)) }
        for pattern in patterns.first(where: { $0.column == column })?.words ?? [] {
            let wanted = Set(pattern.split(separator: " ").map(String.init))
            let found = words.indices.filter { place in
                !taken.contains(place) && wanted.isSubset(of: words[place])
                    && (column != .customerID || words[place].isDisjoint(with: ["name", "type", "note", "group"]))
            }
            if let best = found.min(by: { words[$0].count < words[$1].count }) { return best }
        }
        return nil
    }

    /// The words of a name in small letters, parted also where a capital begins one.
    private static func words(_ name: String) -> [String] {
        var words = [""]
        var wasSmall = false
        for character in name {
            if !character.isLetter && !character.isNumber || (wasSmall && character.isUppercase) { words.append("") }
            if character.isLetter || character.isNumber { words[words.count - 1] += character.lowercased() }
            wasSmall = character.isLowercase
        }
        return words.filter { !$0.isEmpty }
    }

    private static func pair(_ column: OrderColumn, _ name: String) -> String {
        let pair = "\(column.name)=\(name)"
        guard name.contains(where: { $0 == "," || $0 == "\"" }) else { return pair }
        return "\"\(pair.replacing("\"", with: "\"\""))\""
    }

    private static func shell(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }

    /// The most telling words first.
    private static let patterns: [(column: OrderColumn, words: [String])] = [
        (
            .orderID,
            [
                "order id", "order number", "order no", "order nr", "order reference", "ordernumber", "orderid",
                "invoiceno", "invoice no", "invoice number", "invoice id", "transaction id", "order", "invoice",
                "reference", "number", "id",
            ]
        ),
        (
            .customerID,
            [
                "customer unique id", "customer id", "customerid", "user id", "client id", "buyer id", "member id",
                "customer email", "buyer email", "billing email", "email", "e mail", "customer", "user", "buyer",
                "client",
            ]
        ),
        (
            .orderedAt,
            [
                "order purchase timestamp", "purchase date", "order date", "ordered at", "orderdate", "created date",
                "created at", "date created", "date added", "invoicedate", "invoice date", "sale date", "placed at",
                "created", "purchased", "date", "timestamp", "time",
            ]
        ),
        (
            .total,
            [
                "order total amount", "order total", "grand total", "total amount", "total price", "total paid",
                "amount paid", "order value", "total", "amount", "revenue", "unitprice", "unit price", "price",
            ]
        ),
        (.currency, ["currency code", "currency"]),
        (.status, ["financial status", "payment status", "order status", "status", "state"]),
        (.quantity, ["quantity", "qty"]),
    ]
}
