import Brokers
import CXXHash

/// Has the memory that the records of a batch will need fetched before they are folded, in two steps: the slots of
/// their subjects, then what is known of them. Waiting for it would cost a fold more than anything else it does.
struct FetchAhead {
    /// How many records ahead; between the two, memory has had the time to answer.
    private static let slotDistance = 16
    private static let blockDistance = 8

    /// The hashes of the batch's subjects; 0 for a record without one.
    private let hashes: [UInt64]

    init(of records: UnsafeBufferPointer<LentRecord>) {
        hashes = records.map { record in record.key.map(subjectHash) ?? 0 }
    }

    /// Returns the hash of the subject of the record at `place`.
    func hash(of place: Int) -> UInt64 { hashes[place] }

    func fetch(beyond place: Int, for fold: LogFold) {
        if place + Self.slotDistance < hashes.count {
            prefetch(fold.slotAddress(hash: hashes[place + Self.slotDistance]))
        }
        guard place + Self.blockDistance < hashes.count,
            let block = fold.blockAddress(hash: hashes[place + Self.blockDistance])
        else { return }
        // A subject with two or three orders.
        prefetch(block)
        prefetch(block + 64)
        prefetch(block + 128)
    }
}
