import CXXHash

/// Category names as the facts keep them.
package enum CategoryHash {
    /// The low 32 bits of the label's hash; the caller has trimmed it.
    package static func of(_ name: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: LabelHash.of(name))
    }
}

/// Labels as policies compare them.
package enum LabelHash {
    /// XXH3-64 of the label in small ASCII letters; the caller has trimmed it.
    package static func of(_ name: UnsafeRawBufferPointer) -> UInt64 {
        // Of a fixed size for nearly all names: then it is the stack, unasked.
        guard name.count <= 64 else { return of(long: name) }
        return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { small in
            hash(name, small)
        }
    }

    private static func of(long name: UnsafeRawBufferPointer) -> UInt64 {
        withUnsafeTemporaryAllocation(byteCount: name.count, alignment: 8) { small in hash(name, small) }
    }

    @inline(__always)
    private static func hash(_ name: UnsafeRawBufferPointer, _ small: UnsafeMutableRawBufferPointer) -> UInt64 {
        switch name.count {
        case 8...:
            for start in stride(from: 0, through: name.count - 8, by: 8) { copySmall(UInt64.self, name, small, start) }
            copySmall(UInt64.self, name, small, name.count - 8)
        case 4...:
            copySmall(UInt32.self, name, small, 0)
            copySmall(UInt32.self, name, small, name.count - 4)
        default:
            for index in 0..<name.count { copySmall(UInt8.self, name, small, index) }
        }
        return xxh3_64(small.baseAddress, name.count)
    }

    /// Copies as many bytes as a word has, capitals as small letters; two words may overlap.
    @inline(__always)
    private static func copySmall<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: Word.Type, _ name: UnsafeRawBufferPointer, _ small: UnsafeMutableRawBufferPointer, _ start: Int
    ) {
        let ones = Word.max / 0xFF
        let word = name.loadUnaligned(fromByteOffset: start, as: type)
        // The highest bit of each byte of `capitals` says whether a capital stands there: at least A, and not beyond Z.
        let low = word & (ones &* 0x7F)
        let capitals = (low &+ ones &* (0x80 - 0x41)) & ~(low &+ ones &* (0x80 - 0x5B)) & ~word & (ones &* 0x80)
        small.storeBytes(of: word | capitals >> 2, toByteOffset: start, as: type)
    }
}
