import CustomerLifecycle

/// What the lines of a file are.
package enum ImportKind: String, CaseIterable {
    case csv
    case ndjson

    /// As the file's name ends, `.gz` left aside; where that says nothing, by its first character.
    package init(_ text: FileText) {
        let name = text.name.lowercased()
        let stem = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        switch stem.split(separator: ".").last {
        case "csv", "tsv": self = .csv
        case "ndjson", "jsonl", "json": self = .ndjson
        default: self = text.bytes.first { !$0.isBlank } == UInt8(ascii: "{") ? .ndjson : .csv
        }
    }

    /// Names a file with all that changes what its rows mean: the same hash, the same events in the same order.
    func hash(of text: FileText, columns: String, zone: ZoneTable?) -> String {
        let parts = ["import 1", text.hash, rawValue, columns, zone?.name ?? "UTC"].joined(separator: "\n")
        let hash = ContentHash()
        Array(parts.utf8).withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }
}
