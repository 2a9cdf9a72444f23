import Brokers
import Storage
import Wire

extension ShopRecord {
    /// A record as the broker lends it, with the headers that the mapping looks at. Their names are compared without
    /// case: bridges from HTTP keep it or not.
    init(_ record: LentRecord, topic: UnsafeRawBufferPointer, _ mapping: RecordMapping) {
        var headers = [UnsafeRawBufferPointer?](repeating: nil, count: mapping.headers.count)
        if !headers.isEmpty, let block = record.headers { Self.take(block, mapping, into: &headers) }
        self.init(value: record.value, key: record.key, topic: topic, headers: headers)
    }

    /// Of a header that stands twice the first one counts.
    private static func take(
        _ block: UnsafeRawBufferPointer, _ mapping: RecordMapping, into headers: inout [UnsafeRawBufferPointer?]
    ) {
        var scanner = HeaderScanner(block)
        do throws(ByteScanner.Ended) {
            while let header = try scanner.next() {
                guard let place = mapping.place(ofHeader: header.name), headers[place] == nil else { continue }
                headers[place] = header.value
            }
        } catch {
            preconditionFailure("A broker lends whole headers: \(error)")
        }
    }
}
