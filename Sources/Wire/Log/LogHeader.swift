package import CustomerLifecycle

/// Where a log record came from: a record of an input topic, or a line of an imported file. The topic is lent.
package struct LogOrigin {
    package var topic: UnsafeRawBufferPointer
    package var partition: Int32
    package var offset: Int64

    package init(topic: UnsafeRawBufferPointer, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    /// The origin of the records that we make ourselves.
    package static var none: Self {
        Self(topic: UnsafeRawBufferPointer(start: nil, count: 0), partition: 0, offset: 0)
    }
}

/// The packed header that every log record begins with (the article Design). Reading it allocates nothing.
package struct LogHeader {
    package static let format: UInt8 = 1
    /// That of a record of a file of orders: which file it is stands behind the rest.
    package static let formatOfStatement: UInt8 = 2
    private static let statementByteCount = 13
    /// How many bytes a header has whose origin topic is empty.
    static let byteCountMin = 67
    static let topicByteCountMax = 255
    /// A claimed time that counts as the append time, whatever that will be: "nothing is later than its append".
    package static let appendTime = Instant.never

    package var kind: LogKind
    package var flags: LogFlags
    package var claimed: Instant
    package var received: Instant
    package var origin: LogOrigin
    package var original: SHA256Digest
    package var statement: Statement

    package init(
        kind: LogKind, flags: LogFlags = [], claimed: Instant, received: Instant, origin: LogOrigin,
        original: SHA256Digest, statement: Statement = .none
    ) {
        self.kind = kind
        self.flags = flags
        self.claimed = claimed
        self.received = received
        self.origin = origin
        self.original = original
        self.statement = statement
    }

    /// The header of a record that we make ourselves: a tick, an adoption…
    package init(own kind: LogKind, claimed: Instant = Self.appendTime) {
        self.init(kind: kind, claimed: claimed, received: claimed, origin: .none, original: .none)
    }

    package var isBackfill: Bool { flags.contains(.backfill) }

    /// The instant the record counts at: one wrong clock must not spoil a partition.
    package func counted(appended: Instant) -> Instant { min(claimed, appended) }

    init(from lent: inout ByteReader) throws(LogRecordError) {
        // Its own, so that it stays in the processor's registers.
        var reader = lent
        let format = try reader.integer(.format, as: UInt8.self)
        guard format == Self.format || format == Self.formatOfStatement else { throw .unknownFormat(format) }
        let kind = try reader.integer(.kind, as: UInt8.self)
        guard let known = LogKind(rawValue: kind) else { throw .unknownKind(kind) }
        self.kind = known
        flags = LogFlags(rawValue: try reader.integer(.flags))
        guard flags.isSubset(of: .known) else { throw .unknownFlags(flags.rawValue) }
        let length = Int(try reader.integer(.headerLength, as: UInt16.self))
        claimed = Instant(milliseconds: try reader.integer(.claimed))
        received = Instant(milliseconds: try reader.integer(.received))
        let topicCount = Int(try reader.integer(.originTopic, as: UInt8.self))
        let isOfStatement = format == Self.formatOfStatement
        let actual = Self.byteCountMin + topicCount + (isOfStatement ? Self.statementByteCount : 0)
        guard length == actual else { throw .headerLength(said: length, actual: actual) }
        origin = LogOrigin(
            topic: try reader.slice(.originTopic, count: topicCount),
            partition: try reader.integer(.originPartition),
            offset: try reader.integer(.originOffset))
        original = SHA256Digest(stored: try reader.slice(.original, count: 32))
        statement = isOfStatement ? try Statement(from: &reader) : .none
        lent = reader
    }

    func append(to writer: inout ByteWriter) {
        precondition(origin.topic.count <= Self.topicByteCountMax, "Kafka's topic names end at 249 bytes.")
        let isOfStatement = statement.number > 0
        writer.append(isOfStatement ? Self.formatOfStatement : Self.format)
        writer.append(kind.rawValue)
        writer.append(flags.rawValue)
        writer.append(
            UInt16(Self.byteCountMin + origin.topic.count + (isOfStatement ? Self.statementByteCount : 0)))
        writer.append(claimed)
        writer.append(received)
        writer.append(UInt8(origin.topic.count))
        writer.append(origin.topic)
        writer.append(origin.partition)
        writer.append(origin.offset)
        original.withBytes { writer.append($0) }
        if isOfStatement { statement.append(to: &writer) }
    }
}

extension Statement {
    fileprivate init(from reader: inout ByteReader) throws(LogRecordError) {
        let number = try reader.integer(.statement, as: UInt32.self)
        let newest = Instant(milliseconds: try reader.integer(.statement))
        let covers = Coverage(rawValue: try reader.integer(.statement))
        guard number > 0, covers.isSubset(of: .known) else { throw .unknownStatement(covers.rawValue) }
        self.init(number: number, newest: newest, covers: covers)
    }

    fileprivate func append(to writer: inout ByteWriter) {
        writer.append(number)
        writer.append(newest)
        writer.append(covers.rawValue)
    }
}
