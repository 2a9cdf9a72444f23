package import CustomerLifecycle

/// Writes down what one partition publishes while one policy and one generation are in force: a value in JSON, and
/// packed headers. What is fixed by then is encoded once, and the buffers are kept: an output allocates nothing.
package final class OutputEncoder {
    /// Headers packed once, cut before each value of nil; of each piece but the last, how far before its end the length
    /// of the value behind it stands, in four bytes, lowest first.
    package typealias PackHeaders = (
        _ headers: [(name: String, value: String?)]
    ) -> [(bytes: [UInt8], lengthDistance: Int)]

    let terms: OutputTerms
    let fragments: Fragments
    let pieces: Pieces
    /// The value under way.
    var json = ReusedBytes(capacity: 4_096)
    private var packed = ReusedBytes(capacity: 2_048)
    private let instants = InstantTexts()
    /// Of the customer whose row is under way.
    var standings: [ConsentStanding] = []

    package init(_ terms: OutputTerms, packHeaders: PackHeaders) {
        self.terms = terms
        var fragments = Fragments()
        pieces = Pieces(of: terms, in: &fragments, packHeaders: packHeaders)
        self.fragments = fragments
    }

    /// The value that was encoded last; good until the next one.
    package var value: UnsafeRawBufferPointer { json.bytes }

    /// The headers that were encoded last, packed; good until the next ones.
    package var headers: UnsafeRawBufferPointer { packed.bytes }
}

// MARK: - Headers

/// What made an output: the record that was folded.
package struct OutputCause {
    /// When it was appended.
    package let recorded: Instant
    /// Lent; empty where time alone did it.
    package let messageID: UnsafeRawBufferPointer

    package init(recorded: Instant, messageID: UnsafeRawBufferPointer) {
        self.recorded = recorded
        self.messageID = messageID
    }
}

extension OutputEncoder {
    /// Encodes an output: its value, as the schema of its type says, and its headers.
    package func encode(
        _ output: Output, _ head: OutputHead, _ description: ChangeDescription, of subject: UnsafeRawBufferPointer,
        cause: OutputCause
    ) {
        switch output {
        case .stageChange(let change):
            begin(.stageChange, head, of: subject, cause)
            append(change, at: head.time, description)
        case .restatement(let standing):
            begin(.restatement, head, of: subject, cause)
            append(standing, description)
        case .segmentChange(let change):
            begin(.segmentChange, head, of: subject, cause)
            append(change, at: head.time, description)
        case .consentChange:
            begin(.consentChange, head, of: subject, cause)
            appendConsentChange(at: head.time, description)
        case .forgetting(let forgetting):
            begin(.forgetting, head, of: subject, cause)
            append(forgetting, at: head.time)
        case .action(let outcome):
            guard let told = description.action else { preconditionFailure("An outcome is described with its step.") }
            begin(output.type, head, of: subject, cause, expires: told.deadline)
            append(outcome, told, at: head.time, description)
        }
    }

    /// Encodes what outputs of every type have: headers, and the customer in the value.
    @inline(__always) private func begin(
        _ type: OutputType, _ head: OutputHead, of subject: UnsafeRawBufferPointer, _ cause: OutputCause,
        expires: Instant? = nil
    ) {
        json.removeAll()
        json.append(#"{"customer_id":"#)
        subject.withText { customer in
            encodeHeaders(
                pieces.headers[type.place], head, cause, customer: customer,
                expires: expires ?? head.time + terms.actableFor)
            json.appendQuoted(customer)
        }
    }

    /// Puts the values that `CloudEvent.headers` leaves open, in their order, between the pieces of a type's headers.
    private func encodeHeaders(
        _ pieces: [Pieces.Header], _ head: OutputHead, _ cause: OutputCause, customer: UnsafeRawBufferPointer,
        expires: Instant
    ) {
        packed.removeAll()
        add(pieces[0]) { packed in
            packed.append(fragments[self.pieces.eventID])
            packed.appendDecimal(head.position.offset)
            packed.append("-")
            packed.appendDecimal(head.position.ordinal)
        }
        add(pieces[1]) { $0.append(customer) }
        add(pieces[2]) { $0.append(instants[head.time]) }
        add(pieces[3]) { $0.append(customer) }
        add(pieces[4]) { packed in
            packed.append(fragments[self.pieces.life])
            packed.appendDecimal(head.life)
        }
        add(pieces[5]) { $0.appendTenDigits(head.sequence) }
        add(pieces[6]) { $0.append(instants[cause.recorded]) }
        add(pieces[7]) { $0.append(instants[expires]) }
        add(pieces[8]) { $0.append(head.isBackfill ? "backfill" : "live") }
        add(pieces[9]) { $0.appendDecimal(head.position.offset) }
        add(pieces[10]) { $0.appendDecimal(head.position.ordinal) }
        add(pieces[11]) { packed in
            if cause.messageID.isEmpty {
                packed.append("review-")
                packed.append(instants[head.time])
            } else {
                cause.messageID.withText { packed.append($0) }
            }
        }
        packed.append(fragments[pieces[12].piece])
    }

    @inline(__always) private func add(_ header: Pieces.Header, _ value: (inout ReusedBytes) -> Void) {
        packed.append(fragments[header.piece])
        let start = packed.count
        value(&packed)
        packed.base.storeBytes(
            of: UInt32(truncatingIfNeeded: packed.count - start).littleEndian,
            toByteOffset: start - header.lengthDistance, as: UInt32.self)
    }
}

// MARK: - Parts of values

extension OutputEncoder {
    @inline(__always) func append(_ piece: Fragments.Piece) { json.append(fragments[piece]) }

    /// Null where it is nil.
    @inline(__always) func append(_ instant: Instant?) {
        guard let instant else { return json.append("null") }
        json.append("\"")
        json.append(instants[instant])
        json.append("\"")
    }

    func append(_ id: BusinessID?) {
        if let id { json.appendQuoted(id) } else { json.append("null") }
    }

    func append(_ forecast: ChangeDescription.Forecast?) {
        json.append(#","forecast":"#)
        guard let forecast else { return json.append("null") }
        append(pieces.forecasts[forecast.stage])
        append(forecast.at)
        json.append("}")
    }

    /// How many orders were kept, and what they came to; null where nobody knows it.
    func append(_ orders: OrderSummary, _ bound: AmountBound) {
        json.append(#","orders":"#)
        json.appendDecimal(orders.kept)
        json.append(#","revenue":{"amount":"#)
        if bound == .unknown { json.append("null") } else { json.appendDecimal(orders.revenue) }
        append(pieces.currencies[Int(bound.rawValue)])
    }
}
