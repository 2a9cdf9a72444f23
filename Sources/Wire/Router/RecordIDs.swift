internal import CSimdJSON
import CustomerLifecycle

/// The ids of one record, cleaned: with their prefixes, and the message id. They stand in one buffer that never moves.
struct RecordIDs: ~Copyable {
    /// Longer ones are replaced by a hash of the record.
    static let messageIDByteCountMax = 100

    /// What an id turned out to be.
    enum Reading: Equatable {
        case absent
        case tooLong(byteCount: Int)
        /// Half of a surrogate pair stands in it: it could be any other such id.
        case ambiguous
        /// Where it stands, prefix included.
        case id(Range<Int>)
    }

    /// Four prefixed ids and a message id: more than a record can name.
    private var text = ReusedBytes(capacity: 4 * Subject.prefixByteCount * IDText.personByteCountMax)
    private var unescaper = Unescaper()
    private let blocked: BlockedIDs
    private let keyedHash: KeyedHash?
    private let isLowercasing: Bool
    private var lowered = ReusedBytes(capacity: IDText.personByteCountMax)

    init(settings: RouterSettings) {
        blocked = BlockedIDs(also: settings.blockedIDs)
        keyedHash = settings.hashKey.map { KeyedHash(key: $0) }
        isLowercasing = settings.customerIDCase == .lower
    }

    mutating func removeAll() { text.removeAll() }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { text.bytes(range) }

    /// Without the prefix.
    func bare(_ range: Range<Int>) -> UnsafeRawBufferPointer { text.bytes(range.dropFirst(Subject.prefixByteCount)) }

    mutating func read(_ value: Int?, of json: JSONTokens, as kind: Subject.Kind) -> Reading {
        guard let value, let id = cleaned(value, of: json) else { return .absent }
        if holdsHalf(value, of: json) { return .ambiguous }
        return keep(id, as: kind)
    }

    /// The same of an id that stands outside of JSON.
    mutating func read(text: UnsafeRawBufferPointer, as kind: Subject.Kind) -> Reading {
        guard let id = usable(IDText.trimming(text)) else { return .absent }
        return keep(id, as: kind)
    }

    @inline(__always)
    private mutating func keep(_ cleaned: UnsafeRawBufferPointer, as kind: Subject.Kind) -> Reading {
        var id = cleaned
        if isLowercasing, kind == .user { id = lowercased(id) }
        let start = text.count
        text.append(kind.prefix)
        if let keyedHash, MailAddress.stands(in: id) {
            keyedHash.append(id, to: &text)
        } else if id.count > IDText.personByteCountMax {
            text.removeLast(text.count - start)
            return .tooLong(byteCount: id.count)
        } else {
            text.append(id)
        }
        return .id(start..<text.count)
    }

    private func holdsHalf(_ value: Int, of json: JSONTokens) -> Bool {
        json[value].has(walk_has_escape) && JSONEscapes.holdHalf(json.raw(value))
    }

    /// The same id as one of another kind.
    mutating func copy(_ range: Range<Int>, as kind: Subject.Kind) -> Range<Int> {
        let start = text.count
        text.append(kind.prefix)
        text.append(bare(range))
        return start..<text.count
    }

    private mutating func lowercased(_ id: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        lowered.removeAll()
        if id.allSatisfy({ $0 < 0x80 }) {
            for byte in id { lowered.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        } else {
            lowered.append(Array(String(decoding: id, as: UTF8.self).lowercased().utf8))
        }
        return lowered.bytes
    }

    private mutating func cleaned(_ value: Int, of json: JSONTokens) -> UnsafeRawBufferPointer? {
        let id: UnsafeRawBufferPointer?
        switch json[value].shape {
        case .string: id = IDText.trimming(unescaper.text(json[value], in: json))
        case .number: id = IDText.integer(json.raw(value))
        case .object, .array, .key, .yes, .no, .null: id = nil
        }
        return id.flatMap { usable($0) }
    }

    /// Nil where it is no id, but what shops write where they have none.
    @inline(__always) private func usable(_ id: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        id.isEmpty || blocked.contains(id) ? nil : id
    }

    /// Where the message id stands, and whether it had to be made from the record's hash.
    mutating func readMessageID(
        _ value: Int?, of json: JSONTokens, hash: UnsafeRawBufferPointer
    ) -> (range: Range<Int>, isNew: Bool) {
        let start = text.count
        if let value, let id = messageID(value, of: json) {
            if let keyedHash, MailAddress.stands(in: id) {
                keyedHash.append(IDText.trimming(id), to: &text)
            } else {
                text.append(id)
            }
            return (start..<text.count, false)
        }
        text.append("sha256:")
        text.appendHexadecimal(hash)
        return (start..<text.count, true)
    }

    private mutating func messageID(_ value: Int, of json: JSONTokens) -> UnsafeRawBufferPointer? {
        let id: UnsafeRawBufferPointer
        switch json[value].shape {
        case .string where holdsHalf(value, of: json): return nil
        case .string: id = unescaper.text(json[value], in: json)
        case .number: id = json.raw(value)
        case .object, .array, .key, .yes, .no, .null: return nil
        }
        return id.count <= Self.messageIDByteCountMax && !id.allSatisfy(\.isASCIIBlank) ? id : nil
    }
}
