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
    private let readers: [(partition: TopicPartition, reader: B.Reader)]
    private var output = OutputReader()

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
            var readers: [(partition: TopicPartition, reader: B.Reader)] = []
            for number in 0..<count {
                let partition = names.changes(number)
                let next =
                    switch start {
                    case .beginning: try broker.start(of: partition)
                    case .now: try broker.end(of: partition)
                    }
                readers.append((partition, try broker.reader(of: partition, from: next)))
            }
            return readers
        }
    }

    /// Lends what was published since the last call. Throws at what cannot be read.
    package func lendNew(_ body: (PublishedOutput) -> Void) throws(ProcessorError) {
        while try lendBatch({ record throws(ProcessorError) in
            switch record.content {
            case .success(let output): if let output { body(output) }
            case .failure(let reason):
                throw ProcessorError(.damagedLog, "Offset \(record.record.offset) of \(record.partition): \(reason).")
            }
        }) > 0 {}
    }

    /// A record of the topic, and what it says; nil for an output of a type that is not known.
    package struct Record {
        package let partition: TopicPartition
        package let record: LentRecord
        package let content: Result<PublishedOutput?, UnreadableOutput>
    }

    /// Lends the records of one batch of each partition; 0 if there was nothing new.
    package func lendBatch(_ body: (Record) throws(ProcessorError) -> Void) throws(ProcessorError) -> Int {
        var count = 0
        for (partition, reader) in readers {
            do throws(ReadError<ProcessorError>) {
                count += try reader.read(countMax: 1_000) { records throws(ProcessorError) in
                    for record in records {
                        let content = try content(of: record)
                        try body(Record(partition: partition, record: record, content: content))
                    }
                }
            } catch {
                throw ProcessorError(error)
            }
        }
        return count
    }

    private func content(
        of record: LentRecord
    ) throws(ProcessorError) -> Result<PublishedOutput?, UnreadableOutput> {
        var headers = OutputHeaders()
        if let block = record.headers { try HeaderScanner.scan(block) { headers.add($0.name, $0.value) } }
        do throws(UnreadableOutput) {
            return .success(try output.read(record.value, key: record.key, headers))
        } catch {
            return .failure(error)
        }
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
