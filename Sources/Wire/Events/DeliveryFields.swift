import CustomerLifecycle

/// What the shop reports of parcels and messages that reach somebody, or do not, and of what it paid.
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
    private mutating func instant(_ field: EventField) -> Instant? {
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

    mutating func cost() -> StorefrontEvent.Kind {
        required { decoder throws(EventError) in
            guard let kind = decoder.reader.text(.kind).map(IDText.trimmingBlanks), !kind.isEmpty else {
                throw .field(
                    decoder.reader.fieldError(.kind, expected: "what was paid for, for example \"acquisition\""))
            }
            guard let amount = decoder.reader.amount(.amount, decoder.reader.currency()) else {
                throw .field(decoder.reader.fieldError(.amount, expected: "an amount in a known currency"))
            }
            let content = MarketingCost.Content(isOfAcquisition: kind.equals("acquisition"), amount: amount)
            if let id = decoder.reader.optionalID(.costID) { return .costRecorded(id, content) }
            return .costRecorded(try decoder.idFromMessage(), content)
        }
    }

    /// What is missing keeps a Router from letting the event in. A fold passes over it: an older Router may have let it
    /// in, when it had no effect.
    private mutating func required(
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
