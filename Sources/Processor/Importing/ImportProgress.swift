/// How far a file's import is: metadata of the file's own group, `1 <rows done> <rows in all> <open|finished>`.
struct ImportProgress: Equatable, LosslessStringConvertible {
    let done: Int
    let total: Int
    /// A caught-up record was written after its last row.
    let isFinished: Bool

    init(done: Int, total: Int, isFinished: Bool) {
        self.done = done
        self.total = total
        self.isFinished = isFinished
    }

    init?(_ description: String) {
        let fields = description.split(separator: " ")
        guard fields.count == 4, fields[0] == "1", let done = Int(fields[1]), let total = Int(fields[2]),
            ["open", "finished"].contains(fields[3])
        else { return nil }
        self.init(done: done, total: total, isFinished: fields[3] == "finished")
    }

    var description: String { "1 \(done) \(total) \(isFinished ? "finished" : "open")" }
}

/// Which file stands half imported: metadata of one group for all imports, `1 <name>`, or `1` for none.
struct ImportUnderway: LosslessStringConvertible {
    let name: String?

    static let none = ImportUnderway(name: nil)

    init(name: String?) { self.name = name }

    init?(_ description: String) {
        guard description.hasPrefix("1") else { return nil }
        let name = description.dropFirst(2)
        self.init(name: name.isEmpty ? nil : String(name))
    }

    /// Metadata is ASCII, so other characters of the name show as `?`.
    var description: String {
        guard let name else { return "1" }
        return "1 "
            + String(name.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 ? Character($0) : "?" }.suffix(1_000))
    }
}
