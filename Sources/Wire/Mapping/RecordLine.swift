internal import CSimdJSON
internal import CustomerLifecycle

/// Reads a line of a file as a record: its value alone, or all that `kcat -J` prints of a record: topic, time, headers,
/// key and payload.
package struct RecordLine: ~Copyable {
    private var document = JSONDocument()
    private var unescaper = Unescaper()
    private var texts = ReusedBytes(capacity: 4_096)

    package init() {}

    /// Returns the record, which is good until the next line is read.
    package mutating func read(_ line: UnsafeRawBufferPointer, _ mapping: RecordMapping) -> ShopRecord {
        // kcat writes the topic first; of what begins otherwise, nothing need be parsed here.
        guard line.starts(with: "{\"topic\":".utf8) else { return ShopRecord(value: line) }
        do {
            let json = try document.walk(line)
            guard json[0].shape == .object, let topic = json.member("topic", of: 0), json[topic].shape == .string,
                json.member("partition", of: 0) != nil, json.member("offset", of: 0) != nil,
                let payload = json.member("payload", of: 0)
            else { return ShopRecord(value: line) }
            return record(json, topic: topic, payload: payload, mapping)
        } catch {
            return ShopRecord(value: line)  // What is wrong with it, the mapper says.
        }
    }

    private mutating func record(
        _ json: JSONTokens, topic: Int, payload: Int, _ mapping: RecordMapping
    ) -> ShopRecord {
        texts.removeAll()
        let places = (
            payload: place(payload, json), key: json.member("key", of: 0).flatMap { place($0, json) },
            topic: place(topic, json), headers: headers(json, mapping)
        )
        var cursor = TextCursor(trimming: json.member("ts", of: 0).map { json.raw($0) } ?? texts.bytes(0..<0))
        // Only now: what is written meanwhile may move the others.
        return ShopRecord(
            value: places.payload.map { texts.bytes($0) }, key: places.key.map { texts.bytes($0) },
            topic: texts.bytes(places.topic ?? 0..<0), headers: places.headers.map { $0.map { texts.bytes($0) } },
            time: cursor.integer().map { Instant(milliseconds: $0) })
    }

    /// Of a header that stands twice the first one counts, as in a topic.
    private mutating func headers(_ json: JSONTokens, _ mapping: RecordMapping) -> [Range<Int>?] {
        var places = [Range<Int>?](repeating: nil, count: mapping.headers.count)
        guard let list = json.member("headers", of: 0), json[list].shape == .array else { return places }
        var name: Int?
        for element in json.elements(of: list) {
            guard let known = name else {
                name = element
                continue
            }
            if let index = mapping.place(ofHeader: json.raw(known)), places[index] == nil {
                places[index] = place(element, json)
            }
            name = nil
        }
        return places
    }

    private mutating func place(_ token: Int, _ json: JSONTokens) -> Range<Int>? {
        guard json[token].shape == .string else { return nil }
        let start = texts.count
        texts.append(unescaper.text(json[token], in: json))
        return start..<texts.count
    }
}
