import CustomerLifecycle

/// What the shop reports of parcels and messages that reach somebody, or do not.
extension EventDecoder {
    mutating func delivery(_ step: DeliveryReport.Step) -> StorefrontEvent.Kind {
        required { decoder throws(EventError) in
            let id = try decoder.orderID()
            let delivered = step == .delivered ? decoder.instant(.deliveredAt) : nil
            let report = DeliveryReport(step: step, promised: decoder.instant(.promisedAt), delivered: delivered)
            return .deliveryReported(id, report)
        }
    }

    /// A time that cannot be read is absent, and listed.
    mutating func instant(_ field: EventField) -> Instant? {
        guard reader.isFilled(field) else { return nil }
        guard let text = reader.textOrNumber(field), let instant = TimeText.parse(text, zone: nil) else {
            reader.note(field)
            return nil
        }
        return instant
    }

    /// It is hard unless it says that it is not.
    mutating func bounce(of channel: Channel) -> StorefrontEvent.Kind {
        for field in [EventField.bounceType, .bounceTypeShort, .kind] {
            guard let text = reader.text(field).map(IDText.trimmingBlanks) else { continue }
            if text.equals("soft") || text.equals("transient") || text.equals("block") { return .unrelated }
        }
        return .bounced(channel)
    }

    /// The message's id, else the event's; nil of one that brings back a key of ours, and was counted before.
    mutating func deliveredMessage() throws(EventError) -> BusinessID? {
        guard !reader.isFilled(.actionKey) else { return nil }
        if let id = reader.optionalID(.emailID) { return id }
        return try idFromMessage()
    }

    /// What is missing keeps a Router from letting the event in. A fold passes over it: an older Router may have let it
    /// in, when it had no effect.
    mutating func required(
        _ kind: (inout EventDecoder) throws(EventError) -> StorefrontEvent.Kind
    ) -> StorefrontEvent.Kind {
        do throws(EventError) {
            return try kind(&self)
        } catch {
            refusal = error
            return .unrelated
        }
    }
}
