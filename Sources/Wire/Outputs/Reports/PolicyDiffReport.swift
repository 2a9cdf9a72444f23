package import CustomerLifecycle

/// `policy diff`: what another policy would make of the customers that there are.
package struct PolicyDiffReport: Report, Equatable {
    /// One of the two policies.
    package struct Side: Equatable, Sendable {
        package var file: String
        package var name: String
        package var hash: String

        package init(file: String, name: String, hash: String) {
            self.file = file
            self.name = name
            self.hash = hash
        }
    }

    /// Those whom one rule of the new policy moves from one stage to another.
    package struct Move: Equatable, Sendable {
        package var from: String
        package var to: String
        /// The line of the new policy that decides; nil where an override does, which moves nobody by itself.
        package var line: Int?
        /// As it stands in the file.
        package var rule: String
        package var count: Int

        package init(from: String, to: String, line: Int?, rule: String, count: Int) {
            self.from = from
            self.to = to
            self.line = line
            self.rule = rule
            self.count = count
        }
    }

    /// A count under the old policy and under the new one.
    package struct Pair: Equatable, Sendable {
        package var name: String
        package var old: Int
        package var new: Int

        package init(name: String, old: Int = 0, new: Int = 0) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    package struct Segment: Equatable, Sendable {
        package var name: String
        package var old: Int
        package var new: Int
        /// Who would enter it, and who would leave it.
        package var enteredCount: Int
        package var leftCount: Int

        package init(name: String, old: Int = 0, new: Int = 0, enteredCount: Int = 0, leftCount: Int = 0) {
            self.name = name
            self.old = old
            self.new = new
            self.enteredCount = enteredCount
            self.leftCount = leftCount
        }
    }

    package struct Currencies: Equatable, Sendable {
        package var old: Currency
        package var new: Currency

        package init(old: Currency, new: Currency) {
            self.old = old
            self.new = new
        }
    }

    package struct Customer: Equatable, Sendable {
        package var id: String
        package var from: String
        package var to: String
        package var line: Int?

        package init(id: String, from: String, to: String, line: Int?) {
            self.id = id
            self.from = from
            self.to = to
            self.line = line
        }
    }

    package var asOf: Instant?
    package var old: Side
    package var new: Side
    package var customers = 0
    /// Those whose imported history is still open: they are judged at their own newest event.
    package var behind = 0
    /// What each of them counts in, where it is not the same; amounts are never converted.
    package var otherCurrencies: Currencies?
    /// In the order of the old policy, then those that only the new one has.
    package var stages: [Pair] = []
    /// The largest first.
    package var moves: [Move] = []
    package var segments: [Segment] = []
    /// Whom silence alone leads into a stage within 30 days.
    package var forecast: [Pair] = []
    /// Actions that only one of them has, by name: of a new one `once per` begins anew, and what is pending of one that
    /// is gone is cancelled.
    package var newActions: [String] = []
    package var goneActions: [String] = []
    /// The first of those who move, by id.
    package var moved: [Customer] = []

    package init(asOf: Instant?, old: Side, new: Side) {
        self.asOf = asOf
        self.old = old
        self.new = new
    }

    package var movedCount: Int { moves.reduce(0) { $0 + $1.count } }

    /// Whether anybody stands elsewhere, or will, or is written to by another action.
    package var differs: Bool { movesAnybody || !newActions.isEmpty || !goneActions.isEmpty }

    /// Whether anybody stands elsewhere, or will.
    package var movesAnybody: Bool {
        movedCount > 0 || segments.contains { $0.enteredCount + $0.leftCount > 0 }
            || forecast.contains { $0.old != $0.new }
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        Self.write(old, new, to: &json)
        json.member("differs", differs)
        json.member("customers", customers)
        json.member("behind", behind)
        json.member("currency_old", otherCurrencies?.old.letters)
        json.member("currency_new", otherCurrencies?.new.letters)
        json.member("moved", movedCount)
        Self.write(stages, named: "stages", to: &json)
        json.array("moves", moves) { json, move in
            json.beginObject()
            json.member("from", move.from)
            json.member("to", move.to)
            json.member("line", move.line)
            json.member("rule", move.rule)
            json.member("count", move.count)
            json.endObject()
        }
        json.object("segments") { json in
            for segment in segments {
                json.object(segment.name) { json in
                    json.member("old", segment.old)
                    json.member("new", segment.new)
                    json.member("entered", segment.enteredCount)
                    json.member("left", segment.leftCount)
                }
            }
        }
        Self.write(forecast, named: "forecast_30_days", to: &json)
        json.array("new_actions", newActions) { $0.value($1) }
        json.array("gone_actions", goneActions) { $0.value($1) }
        json.array("moved_customers", moved) { json, customer in
            json.beginObject()
            json.member("customer_id", customer.id)
            json.member("from", customer.from)
            json.member("to", customer.to)
            json.member("line", customer.line)
            json.endObject()
        }
        json.member("moved_customers_count", movedCount)
    }
}

extension PolicyDiffReport {
    static func write(_ old: Side, _ new: Side, to json: inout JSONWriter) {
        for (name, side) in [("old", old), ("new", new)] {
            json.object(name) { json in
                json.member("file", side.file)
                json.member("name", side.name)
                json.member("hash", side.hash)
            }
        }
    }

    static func write(_ pairs: [Pair], named name: String, to json: inout JSONWriter) {
        json.object(name) { json in
            for pair in pairs {
                json.object(pair.name) { json in
                    json.member("old", pair.old)
                    json.member("new", pair.new)
                }
            }
        }
    }
}
