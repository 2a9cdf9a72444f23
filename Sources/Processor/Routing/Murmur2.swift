/// Kafka's default partitioning: murmur2 over the key's bytes, as its own clients do, so that any producer finds the
/// same partition.
package enum Murmur2 {
    /// 0 ..< `partitionCount`.
    package static func partition(of key: UnsafeRawBufferPointer, partitionCount: Int) -> Int {
        Int(hash(key) & 0x7FFF_FFFF) % partitionCount
    }

    /// As in org.apache.kafka.common.utils.Utils.murmur2.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash: UInt32 = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
        var place = 0
        while place + 4 <= bytes.count {
            var word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
            word = word &* multiplier
            word = (word ^ word >> 24) &* multiplier
            hash = hash &* multiplier ^ word
            place += 4
        }
        let left = bytes.count - place
        if left >= 3 { hash ^= UInt32(bytes[place + 2]) << 16 }
        if left >= 2 { hash ^= UInt32(bytes[place + 1]) << 8 }
        if left >= 1 { hash = (hash ^ UInt32(bytes[place])) &* multiplier }
        hash = (hash ^ hash >> 13) &* multiplier
        return hash ^ hash >> 15
    }
}
