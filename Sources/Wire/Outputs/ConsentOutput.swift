import CustomerLifecycle

/// What a subscriber who writes to people asks for: on which channels, by what right, and about what.
extension OutputEncoder {
    /// Writes what follows the customer in the value of a change of consent (`schemas/consent.changed.v1.json`).
    func appendConsentChange(at instant: Instant, _ description: ChangeDescription) {
        guard let consent = description.consent else { preconditionFailure("A change of consent is described.") }
        append(pieces.channels[Int(consent.channel.rawValue)].change)
        append(consent.purpose)
        json.append(#","allowed":"#)
        json.append(consent.state == .allowed)
        json.append(#","basis":"#)
        append(consent.basis)
        json.append(#","why":""#)
        json.append(consent.state == .allowed ? "granted" : consent.state.word)
        json.append(#"","changed_at":"#)
        append(instant)
        json.append(#","valid_until":"#)
        append(consent.until == .never ? nil : consent.until)
        json.append(#","contactable":"#)
        json.append(description.contactable.first?.isAllowed ?? false)
        json.append("}")
    }

    /// Writes what follows the customer when a visitor is forgotten (`schemas/profile.forgotten.v1.json`).
    func append(_ forgetting: Forgetting, at instant: Instant) {
        json.append(#","previous_stage":"#)
        append(pieces.stages[forgetting.stage])
        json.append(#","entered_at":"#)
        append(forgetting.since)
        json.append(#","last_event_at":"#)
        append(forgetting.lastEvent)
        json.append(#","forgotten_at":"#)
        append(instant)
        json.append("}")
    }

    func append(contactable: [ChangeDescription.Contactable]) {
        json.append(#","contactable":{"#)
        for place in contactable.indices {
            if place > 0 { json.append(",") }
            let contact = contactable[place]
            append(pieces.channels[Int(contact.channel.rawValue)].contact)
            json.append(contact.isAllowed)
            json.append(#","basis":"#)
            append(contact.isAllowed ? contact.consent.basis : nil)
            json.append(#","reason":"#)
            if contact.isAllowed {
                json.append("null")
            } else {
                json.append("\"")
                // Without consent nothing may be sent, wherever it would arrive.
                json.append(contact.consent.state == .allowed ? "unreachable" : contact.consent.state.word)
                json.append("\"")
            }
            json.append(#","updated_at":"#)
            append(contact.updatedAt)
            json.append("}")
        }
        json.append("}")
    }

    func append(_ acquisition: Acquisition?) {
        json.append(#","acquisition":"#)
        guard let acquisition else { return json.append("null") }
        json.append(#"{"source":"#)
        append(acquisition.source.text)
        json.append(#","campaign":"#)
        append(acquisition.campaign?.text)
        json.append("}")
    }

    func append(_ offer: ChangeDescription.OfferContext) {
        json.append(#","offer_context":{"last_order_id":"#)
        append(offer.lastOrder)
        json.append(#","last_products":["#)
        var isFirst = true
        offer.lastProducts.lendEach { id in
            if !isFirst { json.append(",") }
            append(id)
            isFirst = false
        }
        json.append(#"],"last_products_count":"#)
        json.appendDecimal(offer.lastProducts.count)
        json.append(#","cart_id":"#)
        append(offer.cart)
        json.append(#","coupon":"#)
        append(offer.coupon)
        json.append(#","referral_code":"#)
        append(offer.referralCode)
        json.append("}")
    }
}

extension ConsentStanding.State {
    /// As outputs spell it where nothing is allowed.
    fileprivate var word: StaticString {
        switch self {
        case .allowed: "allowed"
        case .neverGranted: "never_granted"
        case .withdrawn: "withdrawn"
        case .expired: "expired"
        }
    }
}
