package import CustomerLifecycle

/// The attributes of a CloudEvent in Kafka's binary mode: one header each, beside a JSON value.
package struct CloudEvent: Equatable, Sendable {
    package enum ReplayMode: String, Sendable {
        case live, backfill
    }

    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// After this long a mailer must not act on a change any more.
    package static let actableFor = Milliseconds.hours(72)

    package var type: String
    package var schema: String
    package var customer: String
    package var time: Instant
    package var recorded: Instant
    package var sequence: Int64
    package var position: LogPosition
    package var generation: Int
    /// The shop's topic prefix, as it is set: `shop1.` or nothing.
    package var prefix: String
    package var causationID: String?
    package var policyVersion: Int
    package var replayMode: ReplayMode

    package init(
        type: String, schema: String, customer: String, time: Instant, recorded: Instant, sequence: Int64,
        position: LogPosition, generation: Int, prefix: String, causationID: String?, policyVersion: Int,
        replayMode: ReplayMode
    ) {
        self.type = type
        self.schema = schema
        self.customer = customer
        self.time = time
        self.recorded = recorded
        self.sequence = sequence
        self.position = position
        self.generation = generation
        self.prefix = prefix
        self.causationID = causationID
        self.policyVersion = policyVersion
        self.replayMode = replayMode
    }

    /// The same in every replay, and used once.
    package var id: String { Self.id(generation: generation, position) }

    package static func id(generation: Int, _ position: LogPosition) -> String {
        "\(generation)-\(position.partition)-\(position.offset)-\(position.ordinal)"
    }

    package var source: String {
        let separators = Set<Character>([".", "-", "_"])
        let name = prefix.last.map(separators.contains) == true ? String(prefix.dropLast()) : prefix
        return "/lifecycle/\(name.isEmpty ? "default" : name)/\(generation)"
    }

    package var headers: [Header] {
        var headers = [
            Header(name: "content-type", value: "application/json"),
            Header(name: "ce_specversion", value: "1.0"),
            Header(name: "ce_id", value: id),
            Header(name: "ce_source", value: source),
            Header(name: "ce_type", value: type),
            Header(name: "ce_subject", value: customer),
            Header(name: "ce_time", value: time.rfc3339),
            Header(name: "ce_dataschema", value: schema),
            Header(name: "ce_partitionkey", value: customer),
            Header(name: "ce_sequence", value: Self.padded(sequence)),
            Header(name: "ce_recordedtime", value: recorded.rfc3339),
            Header(name: "ce_expirytime", value: (time + Self.actableFor).rfc3339),
            Header(name: "ce_policyversion", value: String(policyVersion)),
            Header(name: "ce_replaymode", value: replayMode.rawValue),
            Header(name: "ce_logpartition", value: String(position.partition)),
            Header(name: "ce_logoffset", value: String(position.offset)),
            Header(name: "ce_logordinal", value: String(position.ordinal)),
        ]
        if let causationID { headers.append(Header(name: "ce_causationid", value: causationID)) }
        return headers
    }

    /// Ten digits, so that text order is number order.
    private static func padded(_ sequence: Int64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
    }
}

extension CloudEvent {
    /// An event of Kafka's binary mode as one JSON object, as the structured mode has it: attributes, then `data`.
    package static func structured(
        headers: some Sequence<Header>, data: UnsafeRawBufferPointer?
    ) -> String {
        var json = JSONWriter()
        json.beginObject()
        for header in headers {
            if header.name == "content-type" {
                json.member("datacontenttype", header.value)
            } else if header.name.hasPrefix("ce_") {
                json.member(String(header.name.dropFirst(3)), header.value)
            }
        }
        json.name("data")
        if let data { json.verbatim(data) } else { json.null() }
        json.endObject()
        return json.text
    }
}
