internal import CSimdJSON
internal import CustomerLifecycle

/// Turns records of a shop's own shape into events of Segment's, as a mapping says: all that a record is, or none of
/// it.
///
/// Only what the mapping names is in the events; the Router then redacts them as any other. A record that is there
/// twice gives the same bytes twice, message ids included. One mapper per thread; what it lends is good until it maps
/// the next record.
package struct RecordMapper: ~Copyable {
    /// What became of a record.
    package enum Outcome: Equatable {
        /// How many, at least one.
        case events(Int)
        case nothing(PassedOver)
    }

    /// More than any order has parts.
    package static let eventCountMax = 1_000
    /// Of a list that is written or added up, which may be done for each event.
    static let itemCountMax = 10_000

    private let byteCountMax: Int
    private var valueDocument = JSONDocument()
    private var keyDocument = JSONDocument()
    var unescaper = Unescaper()
    /// The token that each path leads to; -1 where it leads nowhere.
    private(set) var found: [Int32] = []
    let currencies = KnownCurrencies()
    var hash = RecordHash()
    var out = ReusedBytes(capacity: 4_096)
    var ranges: [Range<Int>] = []

    /// Whether the record that was mapped last is history, whatever its topic brings else.
    package private(set) var isHistory = false

    package init(byteCountMax: Int = RouterSettings.standardInputByteCountMax) { self.byteCountMax = byteCountMax }

    /// An event of the record that was mapped last: JSON with 64 more bytes readable behind it.
    package func event(_ index: Int) -> UnsafeRawBufferPointer { out.bytes(ranges[index]) }

    /// Maps a record. Throws why none of it can be taken.
    package mutating func map(_ record: ShopRecord, by mapping: RecordMapping) throws(Rejection) -> Outcome {
        out.removeAll()
        ranges.removeAll(keepingCapacity: true)
        isHistory = false
        guard let value = record.value else { return .nothing(.tombstone) }
        let json = try tokens(of: value)
        let (payload, schema) = ConnectSchema.open(json)
        if json[payload].shape == .null { return .nothing(.tombstone) }
        guard json[payload].shape == .object else {
            throw Rejection(.unknownShape, "The value is \(Shown.kind(json[payload].shape)); expected a JSON object.")
        }
        if found.count < mapping.slots.count { found = [Int32](repeating: -1, count: mapping.slots.count) }
        find(.value, from: payload, in: json, of: mapping)
        let source = RecordSource(
            mapping: mapping, record: record, value: json, schema: schema,
            key: mapping.readsKey ? key(of: record, mapping) : nil)
        isHistory = !mapping.history.isEmpty && mapping.history.allSatisfy { answer($0, source) == .yes }
        return try write(source)
    }

    // MARK: Documents

    private mutating func tokens(of value: UnsafeRawBufferPointer) throws(Rejection) -> JSONTokens {
        guard value.count <= byteCountMax else {
            throw Rejection(.tooLarge, "The record has \(value.count) bytes; at most \(byteCountMax) are taken.")
        }
        let text = RegistryPrefix.stands(before: value) ? try RegistryPrefix.json(behind: value) : value
        let bytes = StorefrontReader.withoutByteOrderMark(text)
        do {
            return try valueDocument.walk(bytes)
        } catch {
            throw error.rejection(depthMax: JSONDocument.depthMax, shift: value.count - bytes.count)
        }
    }

    /// The key's document where it is a JSON object; what is none has no paths that lead anywhere.
    private mutating func key(of record: ShopRecord, _ mapping: RecordMapping) -> JSONTokens? {
        var json: JSONTokens?
        var root: Int?
        do {
            if let key = record.key {
                let tokens = try keyDocument.walk(
                    RegistryPrefix.stands(before: key)
                        ? UnsafeRawBufferPointer(rebasing: key[RegistryPrefix.byteCount...]) : key)
                (json, root) = (tokens, ConnectSchema.open(tokens).payload)
            }
        } catch {
            json = nil
        }
        if let json {
            find(.key, from: root, in: json, of: mapping)
        } else {
            forget(.key, of: mapping)
        }
        return json
    }

    mutating func find(
        _ scope: PathScope, from token: Int?, in json: JSONTokens, of mapping: RecordMapping
    ) {
        found.withUnsafeMutableBufferPointer { mapping.trees.find(scope, from: token, in: json, $0) }
    }

    private mutating func forget(_ scope: PathScope, of mapping: RecordMapping) {
        for (slot, path) in mapping.slots.enumerated() where path.scope == scope { found[slot] = -1 }
    }
}
