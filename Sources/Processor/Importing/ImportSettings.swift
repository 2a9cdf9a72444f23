import Wire

/// The settings that change what a file's rows mean, by name: those that have another value than they have where
/// nobody says them. A later version may know more of them.
///
/// No value is personal data or a secret: a text that may be one is kept as a mark of it, which is the same for the
/// same text.
struct ImportSettings: Equatable {
    /// A value that differs between two runs; nil where the setting was not said.
    struct Difference: Equatable {
        let name: String
        let then: String?
        let now: String?
    }

    /// All of them together have to fit into what a Kafka keeps beside an offset, 4,096 bytes.
    private static let valueByteCountMax = 200

    private let values: [String: String]

    init(_ router: RouterSettings, of file: ImportFile) {
        values = router.rowMeanings.merging(file.settings) { $1 }.mapValues(Self.kept)
    }

    /// Reads what `words` gave; nil where it is something else.
    init?(words: some Sequence<Substring>) {
        var values: [String: String] = [:]
        for word in words {
            guard let sign = word.firstIndex(of: "="), let value = Self.decoded(word[word.index(after: sign)...]) else {
                return nil
            }
            values[String(word[..<sign])] = value
        }
        self.values = values
    }

    /// `<name>=<value>`, ordered by name, without blanks.
    var words: [String] { values.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" } }

    /// Returns what differs from `earlier`, ordered by name.
    func differences(from earlier: Self) -> [Difference] {
        Set(values.keys).union(earlier.values.keys).sorted().compactMap { name in
            let (then, now) = (earlier.values[name], values[name])
            return then == now ? nil : Difference(name: name, then: then, now: now)
        }
    }

    /// Those that say who a row's customer or which its order is: under others everything would count twice.
    private static let names: Set = ["hash-ids", "customer-id-case", "ids"]

    /// Returns what differs from `earlier` of what says whom and which order rows are about. What an earlier version
    /// did not keep differs in nothing.
    func differencesOfIDs(from earlier: Self) -> [Difference] {
        differences(from: earlier).filter { Self.names.contains($0.name) && !($0.name == "ids" && $0.then == nil) }
    }

    /// Returns what differs from `earlier` because somebody said something else. The rules of a time zone change with
    /// the machine, and an earlier version did not keep all that this one does.
    func differencesInWords(from earlier: Self) -> [Difference] {
        differences(from: earlier).filter { difference in
            switch difference.name {
            case "ids": difference.then != nil
            case "time-zone": difference.then?.prefix { $0 != " " } != difference.now?.prefix { $0 != " " }
            default: true
            }
        }
    }

    // MARK: Values

    private static func kept(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "@") }
        guard isPlain, value.utf8.count <= valueByteCountMax else {
            let digest = Array(value.utf8).withUnsafeBytes { SHA256Digest(of: $0).description }
            return "sha256:\(digest.prefix(16))"
        }
        return value
    }

    /// Percent signs stand for themselves and for blanks.
    private static func encoded(_ value: String) -> String {
        value.replacing("%", with: "%25").replacing(" ", with: "%20")
    }

    private static func decoded(_ value: Substring) -> String? {
        let decoded = value.replacing("%20", with: " ").replacing("%25", with: "%")
        return encoded(String(decoded)) == value ? String(decoded) : nil
    }
}

extension ImportSettings.Difference: CustomStringConvertible {
    var description: String {
        // Of a mapping the hash of its text is kept, which says nothing to a person.
        if name == "mapping", then != nil, now != nil { return "the text of --mapping was another one" }
        let label =
            switch name {
            // A file's format is seen from its name and content, and cannot be said.
            case "format": "the format"
            case "ids": "the place of the ids' columns"
            default: "--\(name)"
            }
        return "\(label) was \(then ?? "not said"), and is \(now ?? "not said") now"
    }
}
