import CustomerLifecycle
import Processor
import Wire

/// What a mailer and an analyst want to know of a customer.
extension PlainOutputs {
    func writeConsent(at instant: Instant, _ description: ChangeDescription, to json: inout JSONWriter) {
        guard let consent = description.consent else { return }
        json.member("channel", word(consent.channel))
        json.member("purpose", consent.purpose.text)
        json.member("allowed", consent.state == .allowed)
        json.member("basis", consent.basis?.text)
        json.member("why", ["granted", "never_granted", "withdrawn", "expired"][Int(consent.state.rawValue)])
        json.member("changed_at", instant)
        json.member("valid_until", consent.until == .never ? nil : consent.until)
        json.member("contactable", description.contactable.first?.isAllowed ?? false)
    }

    func write(_ acquisition: Acquisition?, to json: inout JSONWriter) {
        json.name("acquisition")
        guard let acquisition else { return json.null() }
        json.beginObject()
        json.member("source", acquisition.source.text.text)
        json.member("campaign", acquisition.campaign?.text.text)
        json.endObject()
    }

    func write(_ contactable: [ChangeDescription.Contactable], to json: inout JSONWriter) {
        let words = ["", "never_granted", "withdrawn", "expired"]
        json.object("contactable") { json in
            for contact in contactable {
                let isStanding = contact.consent.state == .allowed
                json.object(word(contact.channel)) { json in
                    json.member("allowed", contact.isAllowed)
                    json.member("basis", contact.isAllowed ? contact.consent.basis?.text : nil)
                    json.member(
                        "reason",
                        contact.isAllowed
                            ? nil : isStanding ? "unreachable" : words[Int(contact.consent.state.rawValue)])
                    json.member("updated_at", contact.updatedAt)
                }
            }
        }
    }

    func write(_ offer: ChangeDescription.OfferContext, to json: inout JSONWriter) {
        json.object("offer_context") { json in
            json.member("last_order_id", offer.lastOrder?.text)
            var products: [BusinessID] = []
            offer.lastProducts.lendEach { products.append($0) }
            json.array("last_products", products) { $0.value($1.text) }
            json.member("last_products_count", offer.lastProducts.count)
            json.member("cart_id", offer.cart?.text)
            json.member("coupon", offer.coupon?.text)
            json.member("referral_code", offer.referralCode?.text)
        }
    }

    func writeValue(_ judge: Judge, to json: inout JSONWriter) {
        json.object("value") { json in
            let kept = judge.facts.orders.indices.map { judge.facts.orders.outcome(at: $0) }.filter(\.isKept)
            let isKnown = kept.allSatisfy { order in
                let currency = policy.policy.currency
                return order.value?.currency == currency
                    && (policy.policy.assumedMarginPercent != nil || order.costOfGoods?.currency == currency)
            }
            let margin = isKnown ? judge.value(of: .margin) : nil
            json.member("margin", margin)
            json.member("acquisition_cost", judge.value(of: .acquisitionCost))
            json.member("contact_cost", judge.value(of: .contactCost))
            json.member("total_cost", judge.value(of: .totalCost))
            json.member("net", margin == nil ? nil : judge.value(of: .netValue))
            let isValued = kept.allSatisfy { $0.value?.currency == policy.policy.currency }
            json.member("average_order", isValued ? judge.value(of: .averageOrder) : nil)
            json.member("currency", policy.policy.currency.letters)
            json.member("contacts", Int(judge.ours.releasedCount))
            json.member("contacts_since_last_order", Int(judge.ours.sinceLastOrder))
            for name in ["referrals", "friends_invited", "rewards_granted"] {
                json.name(name)
                json.null()
            }
        }
    }
}
