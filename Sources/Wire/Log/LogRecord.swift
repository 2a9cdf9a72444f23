/// A record of `lifecycle.log`, read in place: the header decoded, the body and the origin's topic lent.
package struct LogRecord {
    package let header: LogHeader
    package let body: UnsafeRawBufferPointer

    /// Reads the header; total over any bytes. The result is good as long as `value` is.
    package init(_ value: UnsafeRawBufferPointer?) throws(LogRecordError) {
        guard let value else { throw .noValue }
        var reader = ByteReader(value)
        header = try LogHeader(from: &reader)
        body = reader.rest()
    }

    /// Reads the body. That of an event is lent as it is: JSON for `EventDecoder`.
    package func contents() throws(LogRecordError) -> LogContents {
        var reader = ByteReader(body)
        let contents: LogContents =
            switch header.kind {
            case .event: .event(reader.rest())
            case .genesis: .genesis(try GenesisRecord(from: &reader))
            case .link: .link(try LinkRecord(from: &reader))
            case .tick: .tick
            case .adoption: .adoption(try AdoptedPolicy(from: &reader))
            case .caughtUp: .caughtUp
            case .generation: .generation(try GenerationRecord(from: &reader))
            case .component, .erasure, .opening: throw .unsupportedKind(header.kind)
            }
        try reader.expectEnd(of: header.kind)
        return contents
    }
}

/// What a log record says beyond its header. Ticks and caught-up records say it all with their claimed time.
package enum LogContents {
    case genesis(GenesisRecord)
    /// Minified JSON without personal data.
    case event(UnsafeRawBufferPointer)
    case link(LinkRecord)
    case tick
    case adoption(AdoptedPolicy)
    case caughtUp
    case generation(GenerationRecord)

    package var kind: LogKind {
        switch self {
        case .genesis: .genesis
        case .event: .event
        case .link: .link
        case .tick: .tick
        case .adoption: .adoption
        case .caughtUp: .caughtUp
        case .generation: .generation
        }
    }
}

extension ByteWriter {
    /// Appends a whole record: the value to be produced.
    package mutating func append(_ header: LogHeader, _ contents: LogContents) {
        precondition(header.kind == contents.kind, "The header names the kind of its body.")
        header.append(to: &self)
        switch contents {
        case .genesis(let genesis): genesis.append(to: &self)
        case .event(let json): append(json)
        case .link(let link): link.append(to: &self)
        case .adoption(let policy): policy.append(to: &self)
        case .generation(let generation): generation.append(to: &self)
        case .tick, .caughtUp: break
        }
    }
}
