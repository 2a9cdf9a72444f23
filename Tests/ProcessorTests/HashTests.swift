import CustomerLifecycle
import Testing

@testable import Processor

@Suite struct `Hashes that are kept` {
    /// The values are from Kafka's own test of its murmur2 (UtilsTest).
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ])
    func `murmur2 is Kafka's own`(key: String, hash: Int32) {
        var key = key
        key.withUTF8 { #expect(Int32(bitPattern: Murmur2.hash(UnsafeRawBufferPointer($0))) == hash) }
    }

    /// A C program computed it from the nine words that `Chain` names.
    @Test func `the log chain of two records is what it always was`() {
        let chain = Self.chain([("u:1", "one"), (nil, "two")])
        #expect("\(chain)" == "381159484ad34e3a8a34d9e21701679e")
    }

    @Test func `the log chain tells order, keys, values and no value apart`() {
        let chains = [
            Self.chain([("u:1", "one"), (nil, "two")]), Self.chain([(nil, "two"), ("u:1", "one")]),
            Self.chain([("u:1", "one"), ("", "two")]), Self.chain([("u:1", "one"), (nil, nil)]),
            Self.chain([("u:1", "one"), (nil, "")]), Self.chain([("u:1o", "ne"), (nil, "two")]),
        ]
        #expect(Set(chains.map(\.description)).count == chains.count)
    }

    @Test(arguments: [
        "", "1", "2 1 0 - 00 00", "1 1 0 x \(Chain()) \(Chain())", "1 1 0 -3 \(Chain()) \(Chain())", "1 1 0 - 0 0",
    ])
    func `metadata of another form is none`(text: String) {
        #expect(CommitMetadata(text) == nil)
    }

    @Test func `metadata is read back as it was written, with and without a cursor`() {
        for cursor in [nil, 0, 17] {
            let metadata = CommitMetadata(
                foldVersion: 1, outputCount: 99, cursor: cursor, log: Self.chain([("a", "b")]), outputs: Chain())
            #expect(CommitMetadata("\(metadata)") == metadata)
        }
    }

    private static func chain(_ records: [(key: String?, value: String?)]) -> Chain {
        records.reduce(Chain()) { chain, record in
            lend(record.key) { key in
                lend(record.value) { chain.adding(Chain.Link(key: key, value: $0), appended: Instant(milliseconds: 5)) }
            }
        }
    }

    private static func lend<Result>(_ text: String?, _ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
        guard var text else { return body(nil) }
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
