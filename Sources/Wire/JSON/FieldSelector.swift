import CSimdJSON

/// Sole owner of a compiled list of wanted paths. It finds their values in a JSON object and lends them raw.
struct FieldSelector: ~Copyable {
    enum Failure: Error, Equatable, Sendable {
        case malformed
        case notAnObject
        case outOfMemory
    }

    private let paths: OpaquePointer
    /// One value a path; the same memory for every run.
    private let values: UnsafePointer<select_value>

    /// `paths` are constants of ours: one that is not well formed is a defect.
    init(_ paths: [String]) {
        var lines = paths.joined(separator: "\n")
        guard let compiled = lines.withUTF8({ select_compile($0.baseAddress, $0.count) }) else {
            preconditionFailure("These are not paths: \(paths)")
        }
        self.paths = compiled
        values = select_values(compiled)
    }

    deinit { select_free(paths) }

    /// Finds the values in `json`; 64 bytes after its end must be readable.
    mutating func run(_ json: UnsafeRawBufferPointer) throws(Failure) {
        switch select_run(paths, json.baseAddress?.assumingMemoryBound(to: UInt8.self), json.count) {
        case select_found: return
        case select_not_an_object: throw .notAnObject
        case select_out_of_memory: throw .outOfMemory
        default: throw .malformed
        }
    }

    /// What the path of that index found; good until the next run.
    func value(_ index: Int) -> select_value { values[index] }

    /// What the paths through arrays found, in the order of the input.
    var repeated: UnsafeBufferPointer<select_value> {
        var count = 0
        let first = select_repeated(paths, &count)
        return UnsafeBufferPointer(start: first, count: count)
    }
}

extension select_value {
    @inline(__always) func bytes(in json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        precondition(Int(start) + Int(length) <= json.count, "What was found lies in the document.")
        return UnsafeRawBufferPointer(start: json.baseAddress.map { $0 + Int(start) }, count: Int(length))
    }

    /// Of a value found through an array, which of its elements holds it, from 1; of such an array, how many it has.
    var elementNumber: Int { Int(element) }

    /// The index of the path of a value that was found through an array.
    var pathIndex: Int { Int(path) }

    /// Not by `init(rawValue:)`, which is a call for each look at a field: the cases are numbered as the shim's are,
    /// from 0 and without gaps, so a case is its number.
    @inline(__always) var valueKind: JSONKind {
        unsafeBitCast(Swift.min(kind, JSONKind.object.rawValue), to: JSONKind.self)
    }
}

/// What a JSON value begins like; numbers in the shim's order.
enum JSONKind: UInt8, Sendable {
    case absent = 0
    case null, no, yes, number, text, array, object
}
