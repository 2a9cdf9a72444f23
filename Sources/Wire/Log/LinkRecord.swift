import CXXHash
package import CustomerLifecycle

/// Says that the subject of the record belongs to a user. The slices are lent.
package struct LinkRecord {
    /// The user's id without prefix.
    package var user: UnsafeRawBufferPointer
    package var messageID: UnsafeRawBufferPointer

    package static let userByteCounts = 1...256
    package static let messageIDByteCounts = 1...1_024

    package init(user: UnsafeRawBufferPointer, messageID: UnsafeRawBufferPointer) {
        self.user = user
        self.messageID = messageID
    }

    init(from reader: inout ByteReader) throws(LogRecordError) {
        let userCount = Int(try reader.integer(.user, as: UInt16.self))
        guard Self.userByteCounts.contains(userCount) else {
            throw .outOfRange(.user, found: userCount, expected: Self.userByteCounts)
        }
        user = try reader.slice(.user, count: userCount)
        let messageCount = Int(try reader.integer(.messageID, as: UInt16.self))
        guard Self.messageIDByteCounts.contains(messageCount) else {
            throw .outOfRange(.messageID, found: messageCount, expected: Self.messageIDByteCounts)
        }
        messageID = try reader.slice(.messageID, count: messageCount)
    }

    func append(to writer: inout ByteWriter) {
        precondition(Self.userByteCounts.contains(user.count), "The Router refuses such ids.")
        precondition(Self.messageIDByteCounts.contains(messageID.count), "The Router refuses such message ids.")
        writer.append(UInt16(user.count))
        writer.append(user)
        writer.append(UInt16(messageID.count))
        writer.append(messageID)
    }

    /// The fact that the core folds; `claimed` is the header's.
    package func fact(claimed: Instant) -> IdentityLink {
        IdentityLink(claimed: claimed, tieBreaker: Self.tieBreaker(messageID), user: Array(user))
    }

    /// What decides between two links that claim the same time.
    package static func tieBreaker(_ messageID: UnsafeRawBufferPointer) -> UInt64 {
        xxh3_64(messageID.baseAddress, messageID.count)
    }
}
