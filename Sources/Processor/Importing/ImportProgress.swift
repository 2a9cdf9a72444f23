import CustomerLifecycle

/// How far a file's import is: metadata of the file's own group,
/// `3 <rows done> <rows in all> <open|finished> <clock> <number> <name>=<value> …`.
///
/// Earlier versions wrote `2`, without the number, and `1 <rows done> <rows in all> <open|finished>`; both are read.
struct ImportProgress: Equatable, LosslessStringConvertible {
    /// What the first run began with, which holds for every later one.
    struct Beginning: Equatable {
        /// Judges the times of all rows, so that they are refused or taken alike in every run.
        let clock: Instant
        let settings: ImportSettings
        /// The import's number in the log; 0 where the file is none of orders, or an earlier version began.
        var number: UInt32 = 0
    }

    let done: Int
    let total: Int
    /// A caught-up record was written after its last row.
    let isFinished: Bool
    /// Nil in what an earlier version wrote.
    let beginning: Beginning?

    init(done: Int, total: Int, isFinished: Bool, beginning: Beginning?) {
        self.done = done
        self.total = total
        self.isFinished = isFinished
        self.beginning = beginning
    }

    init?(_ description: String) {
        let fields = description.split(separator: " ")
        guard fields.count >= 4, let done = Int(fields[1]), let total = Int(fields[2]),
            ["open", "finished"].contains(fields[3])
        else { return nil }
        var beginning: Beginning?
        switch fields[0] {
        case "1":
            guard fields.count == 4 else { return nil }
        case "2":
            guard fields.count >= 5, let clock = Int64(fields[4]), let settings = ImportSettings(words: fields[5...])
            else { return nil }
            beginning = Beginning(clock: Instant(milliseconds: clock), settings: settings)
        case "3":
            guard fields.count >= 6, let clock = Int64(fields[4]), let number = UInt32(fields[5]),
                let settings = ImportSettings(words: fields[6...])
            else { return nil }
            beginning = Beginning(clock: Instant(milliseconds: clock), settings: settings, number: number)
        default: return nil
        }
        self.init(done: done, total: total, isFinished: fields[3] == "finished", beginning: beginning)
    }

    var description: String {
        let state = "\(done) \(total) \(isFinished ? "finished" : "open")"
        guard let beginning else { return "1 \(state)" }
        return (["3 \(state) \(beginning.clock.milliseconds) \(beginning.number)"] + beginning.settings.words)
            .joined(separator: " ")
    }
}

/// Which file stands half imported, and up to when the history was last said to be complete: metadata of one group for
/// all imports, whose committed offset is the highest number that an import has.
///
/// `1 <name>`, or `1` where no file does; `3 <closed at> <name>`, or without the name. `2 closed`, by an earlier
/// version, does not say when.
struct ImportUnderway: LosslessStringConvertible {
    var name: String?
    var closedAt: Instant?

    init(name: String? = nil, closedAt: Instant? = nil) {
        self.name = name
        self.closedAt = closedAt
    }

    init?(_ description: String) {
        guard description != "2 closed" else {
            self.init(closedAt: .never)
            return
        }
        var fields = description.split(separator: " ", maxSplits: 1)[...]
        let format = fields.popFirst()
        if format == "3" { fields = fields.first?.split(separator: " ", maxSplits: 1)[...] ?? [] }
        switch format {
        case "1": self.init(name: fields.first.map(String.init))
        case "3":
            guard let closed = fields.popFirst().flatMap({ Int64($0) }) else { return nil }
            self.init(name: fields.first.map(String.init), closedAt: Instant(milliseconds: closed))
        default: return nil
        }
    }

    /// Metadata is ASCII, so other characters of the name show as `?`.
    var description: String {
        let name = name.map { name in
            " "
                + String(
                    name.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 ? Character($0) : "?" }.suffix(1_000))
        }
        return (closedAt.map { "3 \($0.milliseconds)" } ?? "1") + (name ?? "")
    }
}
