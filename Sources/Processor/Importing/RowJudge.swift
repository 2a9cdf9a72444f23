package import CustomerLifecycle
package import Wire

/// Judges rows as an import at this moment would, without a log to append them to.
package final class RowJudge {
    private let inputByteCountMax: Int
    private let isOfOperator: Bool
    private let clock: Instant
    private var reader: CheckedReader
    /// How many optional fields could not be read, by name.
    package private(set) var unreadable: [String: Int] = [:]
    /// Events whose names are not known.
    package private(set) var unknownEvents = UnknownEvents()
    /// How many orders are in which currency, of those that have a value.
    package private(set) var orderCurrencies: [Currency: Int] = [:]

    /// Is lent every event that can be taken, and whom it is about.
    package var onEvent: ((_ subject: UnsafeRawBufferPointer, inout StorefrontEvent) -> Void)?

    /// `clock` is when the rows would be appended.
    package init(_ settings: RouterSettings, clock: Instant) {
        inputByteCountMax = settings.inputByteCountMax
        isOfOperator = settings.isOfOperator
        self.clock = clock
        reader = CheckedReader(settings: settings)
    }

    /// Returns why a row cannot be taken; nil where it can.
    package func refusal(of row: ImportRow) -> ImportResult.Refusal? {
        guard row.byteCount <= inputByteCountMax else {
            return ImportResult.Refusal(
                line: row.line, rejection: .tooLarge(byteCount: row.byteCount, byteCountMax: inputByteCountMax))
        }
        do throws(Rejection) {
            let input = RouterInput(
                value: row.json, kafkaTime: nil, clock: clock, mode: .backfill, isOfOperator: isOfOperator)
            let routed = try reader.read(input)
            try reader.check(routed)
            if let onEvent { reader.withEvent { onEvent(routed.subject, &$0) } }
        } catch {
            return ImportResult.Refusal(line: row.line, rejection: error)
        }
        if reader.hasUnreadable { for name in reader.unreadable { unreadable[name, default: 0] += 1 } }
        if let name = reader.unknownName { unknownEvents.count(name) }
        if let currency = reader.orderCurrency { orderCurrencies[currency, default: 0] += 1 }
        return nil
    }
}
