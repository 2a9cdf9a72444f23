import Wire

/// Records that no Router may take, and why. Each must be rejected exactly once.
enum Poison {
    static let all: [(json: [UInt8]?, reason: RejectionReason)] = [
        (nil, .tombstone),
        (Array(#"{"type":"track","event":"Order Completed","#.utf8), .notJSON),
        (Array("[]".utf8), .unknownShape),
        (Array(#"{"type":"track","event":"Product Viewed","userId":"guest","messageId":"p1"}"#.utf8), .noSubject),
        (
            Array(#"{"type":"track","event":"Order Completed","userId":"p","timestamp":"2025-01-02T00:00:00Z"}"#.utf8),
            .missingField
        ),
        (
            Array(#"{"type":"page","userId":"p","timestamp":"1980-01-02T00:00:00Z"}"#.utf8),
            .tooEarly
        ),
        (Array(#"{"type":"page","userId":"p","timestamp":"yesterday"}"#.utf8), .badTime),
    ]

    /// Returns why a record of these bytes must be refused; nil for a good one.
    static func reason(of json: [UInt8]?) -> RejectionReason? { all.first { $0.json == json }?.reason }
}
