import CustomerLifecycle

/// What only the shop itself may say.
extension EventDecoder {
    /// From any other input it means nothing.
    @inline(never) mutating func shopWord(_ meaning: EventMeaning) -> StorefrontEvent.Kind {
        guard isOfOperator else {
            notAllowed = meaning
            return .unrelated
        }
        switch meaning {
        case .costRecorded: return cost()
        case .overrideSet: return override()
        case .overrideCleared: return .overridden(nil)
        case .deletionRequested:
            return .deletionRequested(
                DeletionRequest(id: reader.optionalID(.requestID), due: instant(.dueAt)))
        default: return .unrelated
        }
    }

    /// Whose end cannot be read is refused: it must not outlive what was meant.
    private mutating func override() -> StorefrontEvent.Kind {
        required { decoder throws(EventError) in
            let stage = try decoder.reader.id(.stage, expected: "the name of a stage")
            let until = decoder.instant(.until)
            if until == nil, decoder.reader.isFilled(.until) {
                throw .field(decoder.reader.fieldError(.until, expected: "a time such as 2027-01-31T12:00:00Z"))
            }
            return .overridden(
                StageOverride(
                    stage: stage, until: until, actor: decoder.reader.optionalID(.actorID),
                    reason: decoder.reader.optionalID(.reasonCode)))
        }
    }

    private mutating func cost() -> StorefrontEvent.Kind {
        required { decoder throws(EventError) in
            guard let kind = decoder.reader.text(.kind).map(IDText.trimmingBlanks), !kind.isEmpty else {
                throw .field(
                    decoder.reader.fieldError(.kind, expected: "what was paid for, for example \"acquisition\""))
            }
            guard let amount = decoder.reader.amount(.amount, decoder.reader.currency()) else {
                throw .field(decoder.reader.fieldError(.amount, expected: "an amount in a known currency"))
            }
            let content = MarketingCost(isOfAcquisition: kind.equals("acquisition"), amount: amount)
            if let id = decoder.reader.optionalID(.costID) { return .costRecorded(id, content) }
            return .costRecorded(try decoder.idFromMessage(), content)
        }
    }
}
