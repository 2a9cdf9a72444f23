package import Brokers
package import Wire

/// Where a subscriber of `lifecycle.changes` begins.
package enum ChangeStart: String, CaseIterable, Sendable {
    case beginning
    /// Behind the last change there is.
    case now
}

/// Follows `lifecycle.changes` as any subscriber would: each change once, in the order of its partition.
package final class ChangeFeed<B: Broker> {
    private let readers: [B.Reader]
    private var reader = PublishedChangeReader()

    package init(broker: B, names: Names, from start: ChangeStart = .beginning) throws(ProcessorError) {
        let count = try ProcessorError.translating { () throws(BrokerError) in
            try broker.partitionCount(of: names.changes)
        }
        // Without it nothing would ever come.
        guard let count else {
            throw ProcessorError(
                .notOurLog, "There is no topic \(names.changes) yet. `lifecycle topics create` makes it.")
        }
        readers = try ProcessorError.translating { () throws(BrokerError) in
            var readers: [B.Reader] = []
            for number in 0..<count {
                let partition = names.changes(number)
                let next =
                    switch start {
                    case .beginning: try broker.start(of: partition)
                    case .now: try broker.end(of: partition)
                    }
                readers.append(try broker.reader(of: partition, from: next))
            }
            return readers
        }
    }

    /// Lends what was published since the last call.
    package func lendNew(_ body: (PublishedChange) -> Void) throws(ProcessorError) {
        for partition in readers {
            while try lendBatch(
                of: partition,
                { record throws(ProcessorError) in
                    if let change = try change(record) { body(change) }
                }) > 0
            {}
        }
    }

    /// Lends the records of one batch of each partition; 0 if there was nothing new.
    package func lendBatch(_ body: (LentRecord) throws(ProcessorError) -> Void) throws(ProcessorError) -> Int {
        var count = 0
        for partition in readers { count += try lendBatch(of: partition, body) }
        return count
    }

    private func lendBatch(
        of partition: B.Reader, _ body: (LentRecord) throws(ProcessorError) -> Void
    ) throws(ProcessorError) -> Int {
        do throws(ReadError<ProcessorError>) {
            return try partition.read(countMax: 1_000) { records throws(ProcessorError) in
                for record in records { try body(record) }
            }
        } catch {
            throw ProcessorError(error)
        }
    }

    /// Nil for another type of output.
    private func change(_ record: LentRecord) throws(ProcessorError) -> PublishedChange? {
        guard let value = record.value, let key = record.key, let headers = record.headers,
            let id = try Self.header("ce_id", in: headers)
        else { return nil }
        return reader.read(value, customer: key, eventID: id)
    }

    private static func header(
        _ name: StaticString, in block: UnsafeRawBufferPointer
    ) throws(ProcessorError) -> UnsafeRawBufferPointer? {
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        var value: UnsafeRawBufferPointer?
        try HeaderScanner.scan(block) { header in
            if value == nil, header.name.elementsEqual(wanted) { value = header.value }
        }
        return value
    }
}

extension HeaderScanner {
    fileprivate static func scan(
        _ block: UnsafeRawBufferPointer, _ body: (LentHeader) -> Void
    ) throws(ProcessorError) {
        var scanner = HeaderScanner(block)
        do {
            while let header = try scanner.next() { body(header) }
        } catch {
            throw ProcessorError(.damagedLog, "A record of lifecycle.changes has headers that are none.")
        }
    }
}

extension CloudEvent {
    /// A record of `lifecycle.changes` as one JSON object.
    package static func structured(_ record: LentRecord) throws(ProcessorError) -> String {
        var headers: [Header] = []
        if let block = record.headers {
            try HeaderScanner.scan(block) { header in
                headers.append(
                    Header(
                        name: String(decoding: header.name, as: UTF8.self),
                        value: header.value.map { String(decoding: $0, as: UTF8.self) } ?? ""))
            }
        }
        return structured(headers: headers, data: record.value)
    }
}
