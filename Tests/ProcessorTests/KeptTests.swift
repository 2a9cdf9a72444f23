import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

/// The log, the checkpoints and the committed offsets that an earlier build left, and this build in its place.
@Suite struct `What an earlier build left` {
    private typealias Note = Recovery<Workshop.Broker, SimulatedDisk>.Note

    /// What the earlier build had committed, in each partition within a record that moves time.
    private static let committed = [
        "30: 1 1 35 7 9fe3e486f581a4a6d661440ba317023b 95bb82de63e435579b003713b7bf91ae",
        "39: 1 1 47 7 6be3b8c3daed985414bca6a378f4ded1 36f2df744e12afa14cd2373c3d6fc3c2",
    ]

    /// What the earlier build committed after `goOn`, and the hash of all that it had published then.
    private static let committedLater = [
        "44: 1 1 63 - 824f9ca539d3560bc7d62210e5b753c1 e3850c04e954723db416b5a54173292e",
        "51: 1 1 67 - 03f3445be8d9fe7564f2c58cc3981756 8d432eede4065f367bc51424d62452dd",
    ]
    private static let publishedLater = "24e1df509d2489293b9243bfeb63307e3d1886ac0d150539559a44ba106bc068"

    @Test func `is gone on with from the log, its checkpoints set aside with a word`() throws {
        let shop = try KeptShop(folders: ["log", "checkpoints"])
        #expect(try shop.committed() == Self.committed)
        for partition in 0..<KeptShop.partitionCount {
            var notes: [Note] = []
            // It proves that the fold is what was committed.
            _ = try shop.workshop.recover(partition) { notes.append($0) }
            guard case .unusable(let name, let reason)? = notes.first else {
                Issue.record("partition \(partition): \(notes)")
                continue
            }
            #expect(name.hasPrefix("07070707070707070707070707070707-\(partition)-1-"))
            #expect(reason.contains("a checkpoint of another format"))
            #expect(notes.dropFirst() == [.fromGenesis])
        }
        try shop.goOn()
        try Self.expectLater(shop)
    }

    @Test func `is gone on with where its checkpoints are lost`() throws {
        let shop = try KeptShop(folders: ["log"])
        try shop.goOn()
        try Self.expectLater(shop)
    }

    /// The shop's whole history, which this build makes from nothing.
    @Test func `is what this build would have left and gone on to`() throws {
        let shop = try KeptShop()
        try shop.begin()
        #expect(try shop.committed() == Self.committed)
        try shop.goOn()
        try Self.expectLater(shop)
    }

    private static func expectLater(_ shop: KeptShop) throws {
        #expect(try shop.committed() == committedLater)
        var all = ByteWriter()
        for change in try shop.workshop.changes() {
            change.headers.withUnsafeBytes { all.append($0) }
            Array(change.value.utf8).withUnsafeBytes { all.append($0) }
        }
        let hash = all.withUnsafeBytes { SHA256Digest(of: $0) }
        #expect("\(hash)" == publishedLater)
    }
}
