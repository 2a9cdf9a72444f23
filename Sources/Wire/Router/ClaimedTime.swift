internal import CSimdJSON
package import CustomerLifecycle

/// When an event happened, by its own account: which of its times counts, and what a wrong clock does to it.
package struct ClaimedTime: Equatable {
    package static let earliest = Instant(milliseconds: 631_152_000_000)  // 1990-01-01T00:00:00Z
    static let aheadMax = Milliseconds.hours(24)
    /// A clock may run ahead by as much before it is corrected.
    static let skewMax = Milliseconds.minutes(5)

    /// What an event may say where the broker's clock is at `clock`.
    package static func range(from earliest: Instant = earliest, at clock: Instant) -> ClosedRange<Instant> {
        min(earliest, clock + aheadMax)...(clock + aheadMax)
    }

    private(set) var claimed: Instant
    private(set) var received: Instant
    private(set) var flags: LogFlags = []
    private(set) var unreadable: RoutedRecord.Unreadable = []

    init(
        _ envelope: Envelope, of json: JSONTokens, input: RouterInput, zone: ZoneTable?, unescaper: inout Unescaper
    ) throws(Rejection) {
        let source = TimeSource(json: json, zone: zone)
        let receivedAt = source.optional(envelope.receivedAt, .receivedAt, &unreadable, &unescaper)
        let sentAt = source.optional(envelope.sentAt, .sentAt, &unreadable, &unescaper)
        received = receivedAt ?? input.kafkaTime ?? input.clock
        if input.mode == .backfill { flags.insert(.backfill) }
        if input.isOfOperator { flags.insert(.ofOperator) }

        if let reading = try source.required(envelope.timestamp, "timestamp", &unescaper) {
            claimed = reading.instant
            if reading.isZoneAssumed { flags.insert(.zoneAssumed) }
        } else if let reading = try source.required(envelope.originalTimestamp, "originalTimestamp", &unescaper) {
            claimed = reading.instant
            flags.insert(.originalTimestamp)
            if reading.isZoneAssumed { flags.insert(.zoneAssumed) }
        } else if let kafkaTime = input.kafkaTime {
            claimed = kafkaTime
            flags.insert(.kafkaTime)
        } else {
            throw Rejection(
                .noTime, "There is no `timestamp` and no `originalTimestamp`, and the Kafka record has no time either.")
        }

        let isCorrectedAlready = envelope.timestamp != nil && envelope.originalTimestamp != nil
        if input.mode == .live, !flags.contains(.kafkaTime), !isCorrectedAlready, let sentAt, let receivedAt {
            correct(sentAt: sentAt, receivedAt: receivedAt)
        }
        try check(clock: input.clock)
    }

    /// A clock that runs ahead shows when it sends; one behind cannot be told from a late delivery.
    private mutating func correct(sentAt: Instant, receivedAt: Instant) {
        guard sentAt - receivedAt > Self.skewMax else { return }
        claimed = receivedAt - (sentAt - claimed)
        flags.insert(.skewCorrected)
    }

    private func check(clock: Instant) throws(Rejection) {
        let field =
            flags.contains(.kafkaTime)
            ? "Kafka's record time" : flags.contains(.originalTimestamp) ? "`originalTimestamp`" : "`timestamp`"
        if claimed < Self.earliest {
            throw Rejection(.tooEarly, "\(field) says \(Shown.instant(claimed)), which is before 1990-01-01.")
        }
        if claimed - clock > Self.aheadMax {
            throw Rejection(
                .tooLate,
                "\(field) says \(Shown.instant(claimed)), more than 24 hours ahead of the log's clock, which says "
                    + "\(Shown.instant(clock)).")
        }
    }
}

/// Reads the times of one event.
private struct TimeSource {
    let json: JSONTokens
    let zone: ZoneTable?

    /// Returns the time; nil where there is none. One that is there and says nothing is never passed over.
    func required(
        _ value: Int?, _ field: StaticString, _ unescaper: inout Unescaper
    ) throws(Rejection) -> TimeText.Reading? {
        guard let value else { return nil }
        if let reading = read(value, &unescaper) { return reading }
        let shape = json[value].shape
        let found =
            shape == .string || shape == .number
            ? Shown.text(unescaper.text(json[value], in: json)) : Shown.kind(shape)
        throw Rejection(
            .badTime,
            "`\(field)` is \(found); expected a time such as 2026-01-31T12:00:00.000Z, "
                + "or seconds or milliseconds since 1970."
        )
    }

    func optional(
        _ value: Int?, _ field: RoutedRecord.Unreadable, _ unreadable: inout RoutedRecord.Unreadable,
        _ unescaper: inout Unescaper
    ) -> Instant? {
        guard let value else { return nil }
        if let reading = read(value, &unescaper) { return reading.instant }
        unreadable.insert(field)
        return nil
    }

    private func read(_ value: Int, _ unescaper: inout Unescaper) -> TimeText.Reading? {
        let shape = json[value].shape
        guard shape == .string || shape == .number else { return nil }
        return TimeText.read(unescaper.text(json[value], in: json), zone: zone)
    }
}

extension Shown {
    /// RFC 3339 where the year has four digits.
    static func instant(_ instant: Instant) -> String {
        CivilDate.instants.contains(instant) ? instant.shortRFC3339 : "\(instant.milliseconds) ms since 1970"
    }
}
