/// `import`: what became of a file's lines.
package struct ImportReport: Report, Equatable {
    package static let rejectedLineCountMax = 100

    package struct RejectedLine: Equatable, Sendable {
        package var line: Int
        package var field: String
        package var expected: String
        package var found: String

        package init(line: Int, field: String, expected: String, found: String) {
            self.line = line
            self.field = field
            self.expected = expected
            self.found = found
        }
    }

    /// Nil: no file was asked for, the history was only closed.
    package var file: String?
    package var rows: Int
    package var appended: Int
    package var alreadyThere: Int
    /// How many optional fields could not be read, by name: they count as absent.
    package var unreadable: [String: Int]
    /// Events whose names are not known: they are in the log, and count as nothing.
    package var unknownEvents = UnknownEvents()
    /// How many records of a mapped file gave no event, because they are none of the mapping's.
    package var passedOver = 0
    /// How many of the rows are credit notes.
    package var creditCount = 0
    /// The credits in the log that no order takes; looked for where the file has some.
    package var unmatchedCredits = UnmatchedCredits()
    /// What a file of orders was taken for; nil of any other file.
    package var orders: OrdersReport?
    /// What becomes of the orders that the log knew; nil of other files, and where it knew nothing.
    package var changes: OrderChanges?
    /// Whether the log knew nobody before the file, so that the file's numbers are the log's; nil as `changes`.
    package var logWasEmpty: Bool?
    /// The import's number among those of files of orders; 0 of other files.
    package var number = 0
    /// The file was imported before and is passed over, and how many imports came since.
    package var isImportedBefore = false
    package var laterImports = 0
    /// What was said otherwise when the file was imported before.
    package var changedSettings: [String] = []
    /// What the user should know of the log, beside what `orders` notes of the file.
    package var notes: [String] = []
    /// The history was said to be complete before the file came.
    package var followsClosedHistory = false
    /// Whether nothing was appended, because that was asked for.
    package var isTrial = false
    /// All refused lines: those of the file itself, which `orders` has by reason too, and what the log refuses.
    package var rejectedCount: Int
    /// The first hundred of the file, by line.
    package private(set) var rejectedLines: [RejectedLine]

    package init(file: String?, rows: Int = 0, appended: Int = 0, alreadyThere: Int = 0) {
        self.file = file
        self.rows = rows
        self.appended = appended
        self.alreadyThere = alreadyThere
        unreadable = [:]
        rejectedCount = 0
        rejectedLines = []
    }

    /// Counts a line, and keeps it where it is one of the first of the file.
    package mutating func reject(_ line: RejectedLine) {
        rejectedCount += 1
        rejectedLines.insert(line, by: \.line, atMost: Self.rejectedLineCountMax)
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("file", file)
        json.member("rows", rows)
        json.member("appended", appended)
        json.member("already_there", alreadyThere)
        json.object("unreadable_fields") { json in
            for (field, count) in unreadable.sorted(by: { $0.key < $1.key }) { json.member(field, count) }
        }
        json.member("rejected", rejectedCount)
        json.array("rejected_lines", rejectedLines) { json, rejected in
            json.beginObject()
            json.member("line", rejected.line)
            json.member("field", rejected.field)
            json.member("expected", rejected.expected)
            json.member("found", rejected.found)
            json.endObject()
        }
        json.member("passed_over", passedOver)
        unknownEvents.writeMembers(to: &json)
        json.member("credits", creditCount)
        unmatchedCredits.writeMembers(to: &json)
        json.array("notes", notes) { $0.value($1) }
        json.member("dry_run", isTrial)
        if number > 0 { json.member("import_number", number) }
        json.member("imported_before", isImportedBefore)
        if isImportedBefore { json.member("later_imports", laterImports) }
        if !changedSettings.isEmpty { json.array("changed_settings", changedSettings) { $0.value($1) } }
        if let changes {
            json.object("order_changes") { json in
                json.member("new", changes.new)
                json.member("changed", changes.changed)
                json.member("unchanged", changes.unchanged)
                json.member("not_compared", changes.uncompared)
                json.member("credits", changes.credits)
            }
        }
        if let logWasEmpty { json.member("log_was_empty", logWasEmpty) }
        json.member("follows_closed_history", followsClosedHistory)
        if let orders { json.object("orders") { orders.write(to: &$0) } }
    }
}

/// What becomes of the orders in the log by the import of a file of orders.
package struct OrderChanges: Equatable, Sendable {
    /// The log did not know them as orders.
    package var new: Int
    /// The log knew them, and something that counts of them is another now.
    package var changed: Int
    package var unchanged: Int
    /// Of customers with more orders than are kept of one, which cannot be compared.
    package var uncompared: Int
    /// The file's credit notes, which are none of the orders.
    package var credits = 0

    package init(new: Int = 0, changed: Int = 0, unchanged: Int = 0, uncompared: Int = 0) {
        self.new = new
        self.changed = changed
        self.unchanged = unchanged
        self.uncompared = uncompared
    }
}
