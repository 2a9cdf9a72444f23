package import Wire

/// What an import did.
package struct ImportResult: Equatable, Sendable {
    /// Rows of the file that are events.
    package var rowCount = 0
    /// Rows that an earlier run had done.
    package var alreadyDone = 0
    /// Records appended to the log by this run, links included.
    package var appendedCount = 0
    /// How many of their optional fields could not be read, by name: they count as absent.
    package var unreadable: [String: Int] = [:]
    package private(set) var refusedCount = 0
    /// The first of the refused rows.
    package private(set) var refused: [Refusal] = []

    package struct Refusal: Equatable, Sendable {
        package let line: Int
        package let rejection: Rejection
    }

    private static let refusedShownMax = 100

    mutating func refuse(_ line: Int, _ rejection: Rejection) {
        refusedCount += 1
        if refused.count < Self.refusedShownMax { refused.append(Refusal(line: line, rejection: rejection)) }
    }
}
