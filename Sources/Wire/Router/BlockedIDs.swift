/// What shops send where they have no id; compared without case.
struct BlockedIDs: Sendable {
    static let always = [
        "null", "undefined", "none", "nil", "nan", "n/a", "unknown", "anonymous", "guest", "test", "true", "false", "0",
        "-1", "[object object]",
    ]

    private let ids: [[UInt8]]
    private let byteCountMax: Int

    init(also more: [String]) {
        ids = (Self.always + more).map { $0.utf8.map(\.loweredASCII) }
        byteCountMax = ids.map(\.count).max() ?? 0
    }

    func contains(_ id: UnsafeRawBufferPointer) -> Bool {
        guard id.count <= byteCountMax else { return false }
        return ids.contains { blocked in
            blocked.count == id.count && blocked.elementsEqual(id, by: { $0 == $1.loweredASCII })
        }
    }
}
