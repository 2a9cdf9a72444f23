internal import CSimdJSON

/// Walks one JSON document after the other: checks each whole and lends its values as tokens.
struct JSONDocument: ~Copyable {
    /// Why bytes are not a JSON document, and where.
    struct Fault: Error, Equatable {
        let kind: walk_result
        let byte: Int
    }

    static let depthMax = 64

    private let walker: OpaquePointer
    private var tokens: UnsafeMutablePointer<walk_token>
    private var tokenCapacity: Int
    /// A copy of the document with its escaped keys resolved behind it.
    private var copy = ReusedBytes(capacity: 0)
    private var unescaper = Unescaper()

    init() {
        guard let walker = walker_create() else { preconditionFailure("No memory for a JSON walker.") }
        self.walker = walker  // Freed in `deinit`.
        tokenCapacity = walk_token_count_max(4_096)
        tokens = .allocate(capacity: tokenCapacity)
    }

    deinit {
        walker_free(walker)
        tokens.deallocate()
    }

    /// The tokens are good until the next walk, and as long as `bytes` are. Keys in them have no escapes any more.
    mutating func walk(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> JSONTokens {
        guard let base = bytes.baseAddress, bytes.count > 0 else { throw Fault(kind: walk_empty, byte: 0) }
        reserve(walk_token_count_max(bytes.count))
        var summary = walk_summary()
        let result = walk_run(
            walker, base.assumingMemoryBound(to: UInt8.self), bytes.count, UInt32(Self.depthMax), tokens, &summary)
        precondition(result != walk_out_of_memory, "No memory for a JSON document.")
        guard result == walk_done else { throw Fault(kind: result, byte: Int(summary.byte)) }
        let count = Int(summary.token_count)
        guard UInt32(summary.key_marks) & walk_has_escape.rawValue != 0 else {
            return JSONTokens(base: base, tokens: tokens, count: count)
        }
        resolveKeys(of: JSONTokens(base: base, tokens: tokens, count: count), in: bytes)
        return JSONTokens(base: copy.base, tokens: tokens, count: count)
    }

    /// A producer may write `"em\u0061il"`; code that looks for a key must not have to know.
    private mutating func resolveKeys(of json: JSONTokens, in bytes: UnsafeRawBufferPointer) {
        copy.removeAll()
        copy.append(bytes)
        for index in 0..<json.count where json[index].shape == .key && json[index].has(walk_has_escape) {
            let key = unescaper.text(json[index], in: json)
            tokens[index].start = UInt32(copy.count)
            tokens[index].length = UInt32(key.count)
            copy.append(key)
        }
    }

    private mutating func reserve(_ count: Int) {
        guard count > tokenCapacity else { return }
        tokens.deallocate()
        tokenCapacity = count
        tokens = .allocate(capacity: count)
    }
}
