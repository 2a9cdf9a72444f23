package import CustomerLifecycle

/// What a command prints under `--json`: one object, its members always there.
package protocol Report: Sendable {
    func writeMembers(to json: inout JSONWriter)
}

extension Report {
    /// The report as one line of JSON, without a line break.
    package var json: String {
        var json = JSONWriter()
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
        return json.text
    }
}

/// `stages`: how many customers are where, and which ways they took.
package struct StagesReport: Report, Equatable {
    package struct Stage: Equatable, Sendable {
        package var name: String
        package var count: Int

        package init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    package struct Transition: Equatable, Sendable {
        /// Nil: the customer's first stage.
        package var from: String?
        package var to: String
        package var count: Int

        package init(from: String?, to: String, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    /// Who stood where at an earlier instant.
    package struct Month: Equatable, Sendable {
        package var asOf: Instant
        package var stages: [Stage]

        package init(asOf: Instant, stages: [Stage]) {
            self.asOf = asOf
            self.stages = stages
        }
    }

    /// Up to when silence counts: the newest tick, or the instant asked for. Nil: the log holds no time yet.
    package var asOf: Instant?
    /// The newest instant of which anything counts: of an event or of a tick.
    package var readUpTo: Instant?
    /// The stages in the policy's order, those without customers too.
    package var stages: [Stage]
    package var transitions: [Transition]
    package var behind: Int
    /// The months in the order of time; nil, and no member of the JSON, unless asked for.
    package var months: [Month]?
    /// The events in the log whose names are not known; nil, and no member of the JSON, unless asked for.
    package var unknownEvents: UnknownEvents?

    package init(
        asOf: Instant?, readUpTo: Instant?, stages: [Stage], transitions: [Transition], behind: Int,
        months: [Month]? = nil
    ) {
        self.asOf = asOf
        self.readUpTo = readUpTo
        self.stages = stages
        self.transitions = transitions
        self.behind = behind
        self.months = months
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        json.member("read_up_to", readUpTo)
        Self.write(stages, to: &json)
        json.object("transitions") { json in
            for transition in transitions {
                json.member("\(transition.from ?? "none")->\(transition.to)", transition.count)
            }
        }
        json.member("behind", behind)
        unknownEvents?.writeMembers(to: &json)
        guard let months else { return }
        json.array("months", months) { json, month in
            json.beginObject()
            json.member("as_of", month.asOf)
            Self.write(month.stages, to: &json)
            json.endObject()
        }
    }

    private static func write(_ stages: [Stage], to json: inout JSONWriter) {
        json.object("stages") { json in
            for stage in stages { json.member(stage.name, stage.count) }
        }
    }
}

/// `digest`: the hash of all facts and standings.
package struct DigestReport: Report, Equatable {
    package var asOf: Instant?
    /// 32 digits of hex.
    package var digest: String
    package var subjects: Int
    package var foldVersion: Int

    package init(asOf: Instant?, digest: String, subjects: Int, foldVersion: Int) {
        self.asOf = asOf
        self.digest = digest
        self.subjects = subjects
        self.foldVersion = foldVersion
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        json.member("digest", digest)
        json.member("subjects", subjects)
        json.member("fold_version", foldVersion)
    }
}

/// `customers`: rows as `lifecycle.customers` holds them.
package struct CustomersReport: Report, Equatable {
    package var asOf: Instant?
    package var rows: [CustomerRow]
    /// How many there are, whether shown or not.
    package var count: Int

    package init(asOf: Instant?, rows: [CustomerRow], count: Int) {
        self.asOf = asOf
        self.rows = rows
        self.count = count
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        json.array("customers", rows) { json, row in row.json.withUnsafeBytes { json.verbatim($0) } }
        json.member("count", count)
    }
}
