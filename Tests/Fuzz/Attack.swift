import Glibc

/// Something that reads bytes which others wrote, and what it promises about any bytes at all.
protocol Attack {
    /// What the program calls it.
    static var name: String { get }

    init() throws

    /// Valid bytes, from which the search begins.
    static func samples() throws -> [[UInt8]]

    /// Reads the bytes, and checks what was promised. The same bytes get the same verdict.
    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict
}

/// What became of the bytes.
enum Verdict: Equatable {
    /// They were taken, and this is what they were taken for.
    case taken(String)
    /// They were refused, for this reason.
    case refused(String)

    var isTaken: Bool { if case .taken = self { true } else { false } }
}

/// A promise that did not hold, in a sentence.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Lends a copy of the bytes that has as many readable ones behind it as the reader is promised, and not one more, so
/// that an address sanitizer sees a read beyond them.
func lending<Result, Failure: Error>(
    _ bytes: [UInt8], padding: Int = 0, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + padding, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(rebasing: copy[..<bytes.count]))
}
