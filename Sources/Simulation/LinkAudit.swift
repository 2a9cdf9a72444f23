import CustomerLifecycle
import Wire

/// Compares the links that the log's events require with those in it. Links may be left out, but the earliest link of
/// each pair of ids must be in the log with the event that requires it.
struct LinkAudit {
    private struct Pair: Hashable {
        let subject: String
        let user: String
    }

    /// The earliest link of each pair that events require.
    private var wanted: [Pair: Stamp] = [:]
    /// The earliest link of each pair in the log.
    private var found: [Pair: Stamp] = [:]
    private var wantedCount = 0
    private var foundCount = 0

    /// How many required links were left out because the log had an earlier one.
    var leftOutCount: Int { wantedCount - foundCount }

    /// Adds the links that an event requires. Its body is minified JSON of the simulated shop, without escapes.
    mutating func event(_ body: UnsafeRawBufferPointer, claimed: Instant, appended: Instant) {
        let text = String(decoding: body, as: UTF8.self)
        guard let user = Self.id("userId", in: text), let message = Self.id("messageId", in: text) else { return }
        var subjects: Set<String> = []
        if let anonymous = Self.id("anonymousId", in: text) { subjects.insert("a:\(anonymous)") }
        if text.contains("\"type\":\"alias\""), let previous = Self.id("previousId", in: text), previous != user {
            subjects.formUnion(["a:\(previous)", "u:\(previous)"])
        }
        let tieBreaker = Array(message.utf8).withUnsafeBytes { LinkRecord.tieBreaker($0) }
        let stamp = Stamp(time: min(claimed, appended), tieBreaker: tieBreaker)
        wantedCount += subjects.count
        for subject in subjects { Self.note(stamp, Pair(subject: subject, user: user), in: &wanted) }
    }

    mutating func link(_ link: LinkRecord, of key: UnsafeRawBufferPointer?, claimed: Instant, appended: Instant) {
        let pair = Pair(
            subject: String(decoding: key ?? UnsafeRawBufferPointer(start: nil, count: 0), as: UTF8.self),
            user: String(decoding: link.user, as: UTF8.self))
        foundCount += 1
        let stamp = Stamp(time: min(claimed, appended), tieBreaker: LinkRecord.tieBreaker(link.messageID))
        Self.note(stamp, pair, in: &found)
    }

    func inspect() throws(Anomaly) {
        guard wanted != found else { return }
        for (pair, stamp) in wanted where found[pair] != stamp {
            throw Anomaly(
                "\(pair.subject) belongs to \(pair.user) since \(stamp.time.words) (\(stamp.tieBreaker)), and the log "
                    + "says \(found[pair].map { "since \($0.time.words) (\($0.tieBreaker))" } ?? "nothing of it")")
        }
        throw Anomaly("a link is in the log that no event calls for")
    }

    private static func note(_ stamp: Stamp, _ pair: Pair, in least: inout [Pair: Stamp]) {
        least[pair] = min(least[pair] ?? stamp, stamp)
    }

    private static func id(_ name: String, in text: String) -> String? {
        guard let start = text.firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
        return String(text[start...].prefix { $0 != "\"" })
    }
}
