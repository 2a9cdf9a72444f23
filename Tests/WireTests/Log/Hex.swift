import Testing

/// Bytes written by hand as pairs of hex digits, one field on each line, with its name behind `|`.
struct Hex: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ rows: String) {
        self.name = name
        bytes = rows.split(separator: "\n").flatMap { row in
            row.prefix { $0 != "|" }.split(separator: " ").map { pair in
                guard let byte = UInt8(pair, radix: 16) else { preconditionFailure("\(pair) is no byte") }
                return byte
            }
        }
    }

    var testDescription: String { name }
}
