import CustomerLifecycle

/// Counts events whose names are not known, by name. Of more names than `nameCountMax` the later ones count together.
package struct UnknownEvents: Equatable, Sendable {
    package static let nameCountMax = 100
    private static let nameByteCountMax = 64

    package private(set) var counts: [String: Int] = [:]
    /// How many had other names.
    package private(set) var otherCount = 0

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// The names by how often they came, the most frequent first.
    package var byCount: [(name: String, count: Int)] {
        counts.map { (name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    package mutating func count(_ name: UnsafeRawBufferPointer) {
        add(1, of: String(decoding: IDText.trimmingBlanks(name).prefix(Self.nameByteCountMax), as: UTF8.self))
    }

    package mutating func add(_ other: Self) {
        for (name, count) in other.byCount { add(count, of: name) }
        otherCount += other.otherCount
    }

    package mutating func removeAll() { self = Self() }

    private mutating func add(_ count: Int, of name: String) {
        if counts[name] == nil, counts.count >= Self.nameCountMax {
            otherCount += count
        } else {
            counts[name, default: 0] += count
        }
    }
}

extension UnknownEvents {
    /// As a member of a report: each name with its count, and how many had none of these names.
    package func writeMembers(to json: inout JSONWriter) {
        json.object("unknown_events") { json in
            for (name, count) in byCount { json.member(name, count) }
        }
        json.member("other_unknown_events", otherCount)
    }
}

/// Finds events of unknown names in the bodies of a log.
package struct UnknownEventFinder: ~Copyable {
    private var decoder = EventDecoder()
    private var event = StorefrontEvent(
        claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)

    package init() {}

    /// 64 bytes behind `body` must be readable.
    package mutating func count(_ body: UnsafeRawBufferPointer, in events: inout UnknownEvents) {
        do throws(EventError) {
            try decoder.decode(body, claimed: .distantPast, received: .distantPast, into: &event)
        } catch {
            return  // The fold says what is wrong with it.
        }
        if let name = decoder.unknownName { events.count(name) }
    }
}
