internal import CSimdJSON

/// What Kafka Connect's JSON converter writes with `schemas.enable`: the value under `payload`, beside a `schema` that
/// says how each of its fields is meant.
struct ConnectSchema {
    /// What a field's schema says beyond its JSON type.
    enum Meaning: Equatable {
        case decimal(scale: Int)
        case time(EpochUnit)
        /// RFC 3339, as of a column that has a zone.
        case zonedTime
    }

    private let schema: Int
    private let json: JSONTokens

    /// The tokens of payload and schema, where the document is such an envelope and nothing else; the document's root
    /// where it is none. The schema is nil where the converter wrote `null`.
    static func open(_ json: JSONTokens) -> (payload: Int, schema: Self?) {
        var (payload, schema, count) = (-1, -1, 0)
        for key in json.keys(of: 0) {
            count += 1
            if json.raw(key).isEqual("payload") { payload = key + 1 }
            if json.raw(key).isEqual("schema") { schema = key + 1 }
        }
        guard count == 2, payload >= 0, schema >= 0,
            json[schema].shape == .object || json[schema].shape == .null
        else { return (0, nil) }
        return (payload, json[schema].shape == .object ? Self(schema: schema, json: json) : nil)
    }

    /// What the schema says of the field at that path from the payload on.
    func meaning(of steps: [PathStep]) -> Meaning? {
        var place = schema
        for step in steps {
            switch step {
            case .key(let name):
                guard let field = field(name, of: place) else { return nil }
                place = field
            case .index:
                guard let items = member("items", of: place) else { return nil }
                place = items
            }
        }
        guard let name = member("name", of: place), json[name].shape == .string else { return nil }
        let known = json.raw(name)
        if known.isEqual("org.apache.kafka.connect.data.Decimal") {
            return scale(of: place).map { .decimal(scale: $0) }
        }
        if known.isEqual("io.debezium.time.ZonedTimestamp") { return .zonedTime }
        return Self.times.first { known.isEqual($0.name) }.map { .time($0.unit) }
    }

    private static let times: [(name: StaticString, unit: EpochUnit)] = [
        ("io.debezium.time.Timestamp", .milliseconds), ("io.debezium.time.MicroTimestamp", .microseconds),
        ("io.debezium.time.NanoTimestamp", .nanoseconds), ("io.debezium.time.Date", .days),
        ("org.apache.kafka.connect.data.Timestamp", .milliseconds), ("org.apache.kafka.connect.data.Date", .days),
    ]

    private func field(_ name: String, of place: Int) -> Int? {
        guard let fields = member("fields", of: place), json[fields].shape == .array else { return nil }
        for field in json.elements(of: fields) {
            guard let found = member("field", of: field), json.raw(found).elementsEqual(name.utf8) else { continue }
            return field
        }
        return nil
    }

    private func scale(of place: Int) -> Int? {
        guard let parameters = member("parameters", of: place), let scale = member("scale", of: parameters) else {
            return nil
        }
        var cursor = TextCursor(trimming: json.raw(scale))
        guard let number = cursor.integer(), cursor.isAtEnd, number <= ExactDecimal.digitCountMax else { return nil }
        return Int(number)
    }

    private func member(_ name: StaticString, of place: Int) -> Int? { json.member(name, of: place) }
}

extension JSONTokens {
    /// The value of an object's member with exactly that name, or nil.
    func member(_ name: StaticString, of object: Int) -> Int? {
        guard self[object].shape == .object else { return nil }
        return keys(of: object).first { raw($0).isEqual(name) }.map { $0 + 1 }
    }
}

/// What the serializers of schema registries write before a value: a zero byte and the schema's number in four.
enum RegistryPrefix {
    static let byteCount = 5

    static func stands(before value: UnsafeRawBufferPointer) -> Bool { value.count > byteCount && value[0] == 0 }

    /// The JSON behind the prefix. Throws where something else stands there.
    static func json(behind value: UnsafeRawBufferPointer) throws(Rejection) -> UnsafeRawBufferPointer {
        let rest = UnsafeRawBufferPointer(rebasing: value[byteCount...])
        guard let first = rest.first(where: { !$0.isASCIIBlank }), first == UInt8(ascii: "{") else {
            let number = value.loadUnaligned(fromByteOffset: 1, as: UInt32.self).bigEndian
            throw Rejection(
                .registryFormat,
                "Behind a schema registry's prefix (schema \(number)) stands no JSON object but Avro or Protobuf; "
                    + "expected JSON: use the registry's JSON Schema serializer, or Kafka Connect's JsonConverter.")
        }
        return rest
    }
}
