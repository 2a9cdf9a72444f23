import CommandLine
import Storage

/// The lines of a file that were refused, for who wants to mend them: a CSV with line, column, what was found, what was
/// expected, and the row as it stands in the file. It is the same whenever the same lines were refused.
///
/// The lines come as they are met; they are written in the order of their numbers, under another name that is changed
/// at the end, so that a file that is there is whole.
package final class RefusedFile {
    private static let header = "line,column,found,expected,row\n"
    private static let comma = UInt8(ascii: ",")

    private let path: String
    /// The name under which it is written.
    private let unfinishedPath: String
    private let disk = FileDisk()
    private let rows: RowSorter
    private var bytes: [UInt8] = []

    /// Throws where `path` is the imported file, or cannot be written to.
    package init(path: String, beside text: FileText) throws(ImportError) {
        self.path = path
        unfinishedPath = path + ".unfinished"
        rows = RowSorter(text.space, .few)
        if let state = FileState(path: path), !state.isFile {
            throw .notToBeReplaced(path: path, reason: "it is no regular file")
        }
        guard !text.isFile(at: path), !text.isFile(at: unfinishedPath) else {
            throw .notToBeReplaced(path: path, reason: "the file that is imported would be overwritten")
        }
        do throws(StorageError) {
            _ = try disk.open(unfinishedPath, .creating)
            try disk.remove(unfinishedPath)
        } catch {
            throw .cannotWrite(error)
        }
    }

    /// Adds a line, whose row is kept as it is, whatever its bytes are.
    package func append(
        line: Int, column: String, found: String, expected: String, row: UnsafeRawBufferPointer
    ) throws(ImportError) {
        bytes.removeAll(keepingCapacity: true)
        for field in ["\(line)", column, found, expected] {
            CSVReader.append(field.utf8, to: &bytes, separator: Self.comma)
            bytes.append(Self.comma)
        }
        CSVReader.append(row, to: &bytes, separator: Self.comma)
        bytes.append(UInt8(ascii: "\n"))
        try ImportError.spilling { () throws(StorageError) in
            try bytes.withUnsafeBytesThrowing { bytes throws(StorageError) in
                try rows.append(RowFields(order: Int64(line), line: line, text: bytes))
            }
        }
    }

    /// Writes the file, in place of any that had its name.
    package func write() throws(ImportError) {
        do throws(StorageError) {
            let file = try disk.open(unfinishedPath, .creating)
            let sorted = try rows.sorted()
            var position = 0
            func flush() throws(StorageError) {
                try bytes.withUnsafeBytesThrowing { bytes throws(StorageError) in try file.write(bytes, at: position) }
                position += bytes.count
                bytes.removeAll(keepingCapacity: true)
            }
            bytes = Array(Self.header.utf8)
            while let row = try sorted.next() {
                bytes.append(contentsOf: row.text)
                if bytes.count >= 1 << 20 { try flush() }
            }
            try flush()
            try disk.rename(unfinishedPath, to: path)
        } catch {
            throw .cannotWrite(error)
        }
    }
}

extension [UInt8] {
    /// Lends the bytes to what can fail.
    fileprivate func withUnsafeBytesThrowing<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let result: Result<Void, Failure> = withUnsafeBytes { bytes in
            Result { () throws(Failure) in try body(bytes) }
        }
        try result.get()
    }
}
