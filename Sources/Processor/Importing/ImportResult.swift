package import Wire

/// What an import did, and what became of every row of its file: of those, too, that earlier runs had done.
package struct ImportResult: Equatable, Sendable {
    /// Rows of the file that are events.
    package var rowCount = 0
    /// Rows that earlier runs have appended. A row that was refused is none of them.
    package var alreadyDone = 0
    /// Records appended to the log by this run, links included.
    package var appendedCount = 0
    /// The file changes what was before an instant up to which the history had been said to be complete.
    package var followsClosedHistory = false
    /// How many optional fields of the file's rows could not be read, by name: they count as absent.
    package var unreadable: [String: Int] = [:]
    /// Rows whose events have names that are not known.
    package var unknownEvents = UnknownEvents()
    /// The import's number in the log; 0 of a file of events.
    package var number: UInt32 = 0
    /// The file was imported before, by an import of that number, and nothing of it is new.
    package var isPassedOver = false
    /// How many files of orders were imported since.
    package var laterCount: UInt32 = 0
    /// What was said otherwise when the file was imported before, so that it counts anew.
    package var changedSettings: [String] = []
    /// What becomes of the log's orders; nil where nobody compared them.
    package var orders: OrderChanges?
    /// Whether the log knew anybody before the file; nil where nobody compared them.
    package var logWasEmpty: Bool?
    /// Rows that are credit notes.
    package var creditCount = 0
    package private(set) var refusedCount = 0
    /// The refused rows that stand first in the file, by line.
    package private(set) var refused: [Refusal] = []

    package struct Refusal: Equatable, Sendable {
        package let line: Int
        package let rejection: Rejection

        package init(line: Int, rejection: Rejection) {
            self.line = line
            self.rejection = rejection
        }
    }

    package init(rowCount: Int) { self.rowCount = rowCount }

    /// Takes what is known before any row is read.
    package mutating func take(_ plan: ImportPlan, isPassedOver: Bool) {
        number = plan.number
        laterCount = plan.laterCount
        changedSettings = plan.changedSettings
        self.isPassedOver = isPassedOver
    }

    /// Takes what the comparison found, once it saw all rows.
    package mutating func take(_ census: OrderCensus) {
        census.finish()
        orders = census.changes
        logWasEmpty = !census.knewSomebody
    }

    private static let refusedShownMax = 100

    /// Counts a refused row, and keeps it where it is one of the first of the file.
    package mutating func refuse(_ refusal: Refusal) {
        refusedCount += 1
        refused.insert(refusal, by: \.line, atMost: Self.refusedShownMax)
    }
}
