package import Brokers
package import Wire

/// Follows `lifecycle.changes` as any subscriber would: each change once, in the order of its partition.
package final class ChangeFeed<B: Broker> {
    private let readers: [B.Reader]
    private var reader = PublishedChangeReader()

    /// From the first change on.
    package init(broker: B, names: Names) throws(ProcessorError) {
        readers = try ProcessorError.translating { () throws(BrokerError) in
            var readers: [B.Reader] = []
            for partition in 0..<(try broker.partitionCount(of: names.changes) ?? 0) {
                readers.append(try broker.reader(of: names.changes(partition), from: NextOffset(0)))
            }
            return readers
        }
    }

    /// Lends what was published since the last call.
    package func lendNew(_ body: (PublishedChange) -> Void) throws(ProcessorError) {
        for partition in readers {
            while try lendBatch(of: partition, body) > 0 {}
        }
    }

    private func lendBatch(
        of partition: B.Reader, _ body: (PublishedChange) -> Void
    ) throws(ProcessorError) -> Int {
        do throws(ReadError<ProcessorError>) {
            return try partition.read(countMax: 1_000) { records throws(ProcessorError) in
                for record in records {
                    if let change = try change(record) { body(change) }
                }
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
        var scanner = HeaderScanner(block)
        do {
            while let header = try scanner.next() {
                if header.name.elementsEqual(wanted) { return header.value }
            }
            return nil
        } catch {
            throw ProcessorError(.damagedLog, "A record of lifecycle.changes has headers that are none.")
        }
    }
}
