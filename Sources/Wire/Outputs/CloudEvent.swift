package import CustomerLifecycle

/// The attributes of a CloudEvent in Kafka's binary mode: one header each, beside a JSON value.
package enum CloudEvent {
    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How long after a change a mailer may still act on it, where the shop has not said otherwise.
    package static let actableFor = Milliseconds.hours(72)

    /// The headers of outputs of one type under the same terms, in their order; nil is a value that every output has of
    /// its own (`OutputEncoder`).
    package static func headers(_ type: OutputType, _ terms: OutputTerms) -> [(name: String, value: String?)] {
        [
            ("content-type", "application/json"),
            ("ce_specversion", "1.0"),
            // The same in every replay, and used once.
            ("ce_id", nil),
            ("ce_source", terms.source),
            ("ce_type", type.name),
            ("ce_subject", nil),
            ("ce_time", nil),
            ("ce_dataschema", type.schema),
            ("ce_partitionkey", nil),
            ("ce_life", nil),
            ("ce_sequence", nil),
            ("ce_recordedtime", nil),
            ("ce_expirytime", nil),
            ("ce_policyversion", String(terms.policy.version)),
            ("ce_replaymode", nil),
            ("ce_logpartition", String(terms.partition)),
            ("ce_logoffset", nil),
            ("ce_logordinal", nil),
            ("ce_causationid", nil),
        ]
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
