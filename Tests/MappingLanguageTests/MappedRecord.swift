import CustomerLifecycle
import MappingLanguage
import PolicyLanguage
import Testing
import Wire

/// A mapping at work on one record after the other: texts in, events as the log would hold them out.
final class MappedShop {
    /// What became of a record, each event as `name subject time field=value…`.
    enum Outcome: Equatable {
        case events([String])
        case nothing(PassedOver)
        case rejected(RejectionReason, String)
    }

    private let mapping: RecordMapping
    private var mapper = RecordMapper()
    private var reader: CheckedReader

    init(_ document: String) throws {
        let compiled = CompiledMapping(Array(document.utf8), fileName: "shop.yaml")
        mapping = try #require(compiled.mapping, "\(compiled.problems.map(\.message))")
        reader = CheckedReader(settings: RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0)))
    }

    convenience init(_ builtIn: BuiltInMapping) throws { try self.init(builtIn.text) }

    /// The mapping of one event: an order, with these lines more.
    convenience init(order lines: String...) throws {
        let head = "mapping: shop\nevents:\n  - event: Order Completed\n    customer: who\n    order_id: id\n"
        let hasTime = lines.contains { $0.hasPrefix("time:") }
        try self.init(head + ((hasTime ? [] : ["time: {field: at, zone: UTC}"]) + lines).map { "    \($0)\n" }.joined())
    }

    func map(
        _ value: String, key: String? = nil, headers: [String?] = [], topic: String = "orders"
    ) -> Outcome {
        map(Array(value.utf8), key: key, headers: headers, topic: topic)
    }

    func map(
        _ value: [UInt8]?, key: String? = nil, headers: [String?] = [], topic: String = "orders"
    ) -> Outcome {
        var bodies: [String] = []
        let outcome = route(value, key: key, headers: headers, topic: topic) { routed, isHistory in
            bodies.append(Self.words(routed) + (isHistory ? " history" : ""))
        }
        if case .events = outcome { return .events(bodies) }
        return outcome
    }

    /// Hands each routed event to `body`. The bytes of the record have none too many, so that an address sanitizer sees
    /// a read behind them.
    func route(
        _ value: [UInt8]?, key: String? = nil, headers: [String?] = [], topic: String = "orders",
        _ body: (RoutedRecord, _ isHistory: Bool) -> Void
    ) -> Outcome {
        let bytes = Lent(value)
        let key = Lent(key.map { Array($0.utf8) })
        let headers = headers.map { Lent($0.map { Array($0.utf8) }) }
        let topic = Lent(Array(topic.utf8))
        let record = ShopRecord(
            value: bytes.bytes, key: key.bytes, topic: topic.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0),
            headers: headers.map(\.bytes))
        let input = RouterInput(
            value: nil, kafkaTime: Self.now, clock: Self.now, mode: .live)
        do throws(Rejection) {
            switch try mapper.map(record, by: mapping) {
            case .nothing(let reason): return .nothing(reason)
            case .events(let count):
                for index in 0..<count { body(try reader.read(index, of: mapper, input), mapper.isHistory) }
                return .events([])
            }
        } catch {
            return .rejected(error.reason, error.sentence)
        }
    }

    /// 2026-01-01T00:00:00Z, which is the time of every record and the broker's clock.
    static let now = Instant(milliseconds: 1_767_225_600_000)

    private static func words(_ routed: RoutedRecord) -> String {
        let fields = EventFields(Array(routed.body))
        let subject = String(decoding: routed.subject, as: UTF8.self)
        return ([fields.name, subject, routed.claimed.shortRFC3339] + fields.fields.map { "\($0.name)=\($0.value)" })
            .joined(separator: " ")
    }
}

/// Bytes on the heap, with none behind them.
private final class Lent {
    let bytes: UnsafeRawBufferPointer?

    init(_ array: [UInt8]?) {
        bytes = array.map { array in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: array.count, alignment: 1)
            copy.copyBytes(from: array)
            return UnsafeRawBufferPointer(copy)
        }
    }

    deinit { bytes?.deallocate() }
}
