package import CustomerLifecycle

/// A published stage change read back, as a subscriber of `lifecycle.changes` sees it.
package struct PublishedChange: Equatable, Sendable {
    package let customer: String
    package let previousStage: String?
    package let stage: String
    package let enteredAt: Instant
    package let position: LogPosition
}

/// Reads the value of a stage change.
package struct PublishedChangeReader: ~Copyable {
    private var fields = FieldSelector(["previous_stage", "stage", "entered_at"])

    package init() {}

    /// Nil for what is no stage change of ours. 64 more bytes must be readable behind `value`.
    package mutating func read(
        _ value: UnsafeRawBufferPointer, customer: UnsafeRawBufferPointer, eventID: UnsafeRawBufferPointer
    ) -> PublishedChange? {
        guard let position = LogPosition(eventID: String(decoding: eventID, as: UTF8.self)) else { return nil }
        do throws(FieldSelector.Failure) {
            try fields.run(value)
        } catch {
            return nil
        }
        guard let stage = text(1, in: value), let entered = text(2, in: value),
            let enteredAt = TimeText.parse(entered, zone: nil)
        else { return nil }
        return PublishedChange(
            customer: String(decoding: customer, as: UTF8.self),
            previousStage: text(0, in: value).map { String(decoding: $0, as: UTF8.self) },
            stage: String(decoding: stage, as: UTF8.self), enteredAt: enteredAt, position: position)
    }

    /// Names of stages and times hold nothing that JSON escapes.
    private func text(_ index: Int, in json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let value = fields.value(index)
        return value.valueKind == .text ? value.bytes(in: json) : nil
    }
}

extension LogPosition {
    /// From `<generation>-<log partition>-<offset>-<ordinal>`.
    init?(eventID: String) {
        let parts = eventID.split(separator: "-")
        guard parts.count == 4, let partition = Int(parts[1]), let offset = Int64(parts[2]),
            let ordinal = Int(parts[3])
        else { return nil }
        self.init(partition: partition, offset: offset, ordinal: ordinal)
    }
}
