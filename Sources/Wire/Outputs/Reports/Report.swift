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
