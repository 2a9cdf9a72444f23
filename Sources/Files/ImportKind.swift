import CustomerLifecycle

/// The format of a file's lines.
package enum ImportKind: String, CaseIterable {
    case csv
    case ndjson

    /// Decides by the end of the file's name, without `.gz`; where that is not known, by the first character of the
    /// text.
    package init(_ text: FileText) throws(ImportError) {
        let name = text.name.lowercased()
        let stem = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        switch stem.split(separator: ".").last {
        case "csv", "tsv": self = .csv
        case "ndjson", "jsonl", "json": self = .ndjson
        default: self = try TextWindow(text).firstLine()?.byte == UInt8(ascii: "{") ? .ndjson : .csv
        }
    }

    /// Returns a hash of the content's hash and of what the file's reader is told.
    func hash(of content: String, columns: String, zone: ZoneTable?) -> String {
        let parts = ["import 1", content, rawValue, columns, zone?.name ?? "UTC"].joined(separator: "\n")
        let hash = ContentHash()
        Array(parts.utf8).withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }
}
