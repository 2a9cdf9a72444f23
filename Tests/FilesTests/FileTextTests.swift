import Glibc
import Testing

@testable import Files

@Suite struct `A file to import` {
    private static let orders = Array("order_id,customer_id,ordered_at\no1,c1,2024-01-01\n".utf8)

    private static func text(
        _ bytes: [UInt8], named ending: String = ".csv"
    ) throws(ImportError) -> (text: [UInt8], hash: String) {
        let file = TemporaryFile(bytes, named: ending)
        return try FileText(path: file.path).whole()
    }

    private static func fault(_ bytes: [UInt8]) -> ImportError.Gist? {
        do throws(ImportError) {
            _ = try text(bytes)
            return nil
        } catch {
            return ImportError.Gist(error)
        }
    }

    @Test func `is named without what a terminal would obey, and found again under its own name`() throws {
        let file = TemporaryFile(Self.orders, named: "\u{1B}[31m\n.csv")
        let text = try FileText(path: file.path)
        #expect(text.name.hasSuffix(#"\u{1b}[31m\u{a}.csv"#))
        #expect(try text.whole().text == Self.orders)
    }

    @Test(arguments: [0, 1, 63, 64, 4_095, 4_096, 4_097, 8_192, 70_000])
    func `has 64 readable bytes behind it, plain or unpacked`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(0x61 + $0 % 26) }
        for stored in [bytes, StoredGzip(bytes).bytes] {
            let file = TemporaryFile(stored)
            let window = try TextWindow(FileText(path: file.path), byteCount: 80_000)
            #expect(Array(window.bytes) == bytes)
            guard let base = window.bytes.baseAddress else { continue }
            #expect(UnsafeRawBufferPointer(start: base + count, count: 64).allSatisfy { $0 == 0 })
        }
    }

    @Test func `is hashed as the bytes that it holds unpacked`() throws {
        // printf abc | sha256sum
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try Self.text(Array("abc".utf8)).hash == hash)
        #expect(try Self.text(StoredGzip("abc".utf8).bytes).hash == hash)
        #expect(try Self.text(StoredGzip("ab".utf8).bytes + StoredGzip("c".utf8).bytes).hash == hash)
        #expect(try Self.text(Array("\u{FEFF}abc".utf8)).hash != hash)
    }

    @Test(arguments: [".csv", ".csv.gz", "", ".zip"])
    func `is gzip where its first bytes say so, whatever it is called`(ending: String) throws {
        #expect(try Self.text(Self.orders, named: ending).text == Self.orders)
        #expect(try Self.text(StoredGzip(Self.orders).bytes, named: ending).text == Self.orders)
    }

    @Test func `is unpacked by what zlib wrote`() throws {
        let read = try Self.text(PackedSample.bytes)
        #expect(read.text.count == 365)
        #expect(read.hash == "d550550d8271bb4450179a2dc25dc1bc2fe746031b3a9c29dd2794cb4467d1c3")
    }

    @Test func `may be several members of gzip, and end with zeros`() throws {
        let members = Self.orders.indices.flatMap { StoredGzip(Self.orders[$0...$0]).bytes }
        #expect(try Self.text(members).text == Self.orders)
        #expect(try Self.text(members + [UInt8](repeating: 0, count: 512)).text == Self.orders)
        #expect(try Self.text(StoredGzip(Self.orders, blockByteCount: 7).bytes).text == Self.orders)
    }

    @Test func `loses a byte order mark`() throws {
        #expect(try Self.text([0xEF, 0xBB, 0xBF] + Self.orders).text == Self.orders)
        #expect(try Self.text(StoredGzip([0xEF, 0xBB, 0xBF] + Self.orders).bytes).text == Self.orders)
    }

    @Test func `is refused wherever it is cut, if it is gzip`() throws {
        let whole = StoredGzip(Self.orders).bytes + PackedSample.bytes
        let first = StoredGzip(Self.orders).bytes.count
        for count in 2..<whole.count where count != first {
            let fault = Self.fault(Array(whole[..<count]))
            // One byte behind a member could also begin anything else.
            #expect(fault == .damagedGzip(byte: count == first + 1 ? first : count), "cut to \(count)")
        }
        #expect(try Self.text(Array(whole[..<first])).text == Self.orders)
    }

    @Test func `is refused with any bit of its compressed text flipped`() throws {
        // Some bits of the ten bytes before it (time, system) are ignored.
        for byte in 10..<PackedSample.bytes.count {
            var bytes = PackedSample.bytes
            bytes[byte] ^= 1 << UInt8(byte % 8)
            guard case .damagedGzip(let found)? = Self.fault(bytes) else {
                Issue.record("A flipped bit in byte \(byte) went unnoticed.")
                continue
            }
            #expect((byte...bytes.count).contains(found) || found >= 10)
        }
    }

    /// The text as it is read, however it is packed.
    private static func read(_ bytes: [UInt8], _ encoding: String? = nil) throws -> String {
        let file = TemporaryFile(bytes)
        let text = try FileText(path: file.path, space: .temporary, encoding: encoding)
        return String(decoding: try text.whole().text, as: UTF8.self)
    }

    /// The text in UTF-16.
    private static func wide(_ text: String, mark: Bool, isBig: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        for unit in (mark ? [0xFEFF] : []) + Array(text.utf16) {
            withUnsafeBytes(of: isBig ? unit.bigEndian : unit.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    @Test func `may be in another encoding, by its mark or as it is said`() throws {
        let text = "id;größe\nž;€\n"
        let little = Self.wide(text, mark: true, isBig: false)
        let big = Self.wide(text, mark: true, isBig: true)
        #expect(try Self.read(little) == text)
        #expect(try Self.read(big) == text)
        #expect(try Self.read(StoredGzip(little).bytes) == text)
        #expect(try Self.read(Self.wide("order_id;" + text, mark: false, isBig: false)) == "order_id;" + text)
        #expect(try Self.read([0x67, 0x72, 0xF6, 0xDF, 0x65, 0x80], "cp1252") == "größe€")
        #expect(try Self.read([0x92, 0x8D, 0x95, 0xB6], "Shift_JIS") == "注文")
        #expect(throws: ImportError.noSuchEncoding("cp99")) { try Self.read([0x61], "cp99") }
    }

    /// Longer than what is converted at a time, with characters that its pieces cut.
    @Test func `is the same text however long it is`() throws {
        let text = String(repeating: "größe 注文 €😀\n", count: 40_000)
        let bytes = Self.wide(text, mark: true, isBig: false)
        #expect(try Self.read(bytes) == text)
    }

    @Test func `ends where its bytes stand for nothing in the encoding that was said`() throws {
        let error = #expect(throws: ImportError.self) { try Self.read([0x61, 0x0A, 0x81, 0x20, 0x61], "Shift_JIS") }
        #expect(error?.description.contains("is not in Shift_JIS: byte 2 stands for nothing there") == true)
        #expect(throws: ImportError.self) { try Self.read([0xFF, 0xFE, 0x61, 0x00, 0x3D, 0xD8]) }
    }

    @Test func `is refused with something else behind its gzip`() {
        let packed = StoredGzip(Self.orders).bytes
        #expect(Self.fault(packed + Array("more".utf8)) == .damagedGzip(byte: packed.count))
    }

    @Test(arguments: [
        ([0x50, 0x4B, 3, 4, 0], "Excel"), (Array("\n <html><table>".utf8), "HTML"), (Array("<?xml v".utf8), "XML"),
        ([0x28, 0xB5, 0x2F, 0xFD, 1], "zstd"), (StoredGzip(PackedSample.bytes).bytes, "gzip in gzip"),
        (Array("PAR1xx".utf8), "Parquet"),
    ])
    func `says what it is instead of text`(bytes: [UInt8], word: String) {
        let fault = Self.fault(bytes)
        #expect(fault == .notText)
        #expect(throws: ImportError.self) { try Self.text(bytes) }
        do throws(ImportError) {
            _ = try Self.text(bytes)
        } catch {
            #expect(error.description.contains(word))
        }
    }

    @Test func `is told to be a directory, or not to be there`() {
        #expect(throws: ImportError.cannotRead(file: "/tmp", reason: "it is a directory")) {
            try FileText(path: "/tmp")
        }
        #expect(throws: ImportError.cannotRead(file: "/tmp/no-such", reason: "No such file or directory")) {
            try FileText(path: "/tmp/no-such")
        }
    }

    @Test func `can be a pipe`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let packed = StoredGzip(Self.orders).bytes
        #expect(write(ends[1], packed, packed.count) == packed.count)
        close(ends[1])
        defer { close(ends[0]) }
        #expect(try FileText(path: "/dev/fd/\(ends[0])").whole().text == Self.orders)
    }

    @Test func `that is written to, cut, or replaced while it is read is told so, wherever reading stands`() throws {
        let rows = [UInt8](repeating: 0x61, count: 2_400_000)
        let packed = StoredGzip(rows).bytes
        for change in Change.allCases {
            for isPacked in [false, true] {
                let file = TemporaryFile(isPacked ? packed : rows)
                var isRefused = false
                do throws(ImportError) {
                    // What is packed is read before its text is.
                    if isPacked {
                        _ = try FileText(path: file.path, space: .temporary) { done, _ in
                            if done < 2_000_000 { change.happen(to: file.path) }
                        }
                    } else {
                        let text = try FileText(path: file.path)
                        let window = try TextWindow(text, byteCount: 1_000_000)
                        change.happen(to: file.path)
                        for place in stride(from: 1_000_000, to: text.byteCount, by: 1_000_000) {
                            try window.move(to: place)
                        }
                        _ = try text.endReading()
                    }
                } catch {
                    isRefused = error.description.contains("was changed while it was read")
                }
                #expect(isRefused, "\(change), packed: \(isPacked)")
            }
        }
    }

    enum Change: CaseIterable {
        case grows, shrinks, isOverwritten, isReplaced, isRemoved

        func happen(to path: String) {
            switch self {
            case .grows: write("more\n", to: path, O_WRONLY | O_APPEND)
            case .shrinks: #expect(truncate(path, 1_200_000) == 0)
            case .isOverwritten: write("other text\n", to: path, O_WRONLY)
            case .isReplaced:
                write("a new file\n", to: path + ".other", O_WRONLY | O_CREAT)
                #expect(rename(path + ".other", path) == 0)
            case .isRemoved: _ = unlink(path)
            }
        }

        private func write(_ text: String, to path: String, _ flags: Int32) {
            let descriptor = open(path, flags, 0o600)
            defer { close(descriptor) }
            #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        }
    }

    @Test func `whose text is longer than was said when it was opened ends where it ended then`() throws {
        let file = TemporaryFile(Self.orders)
        let text = try FileText(path: file.path)
        file.append("o2,c1,2024-01-02\n")
        let window = try TextWindow(text)
        #expect(Array(window.bytes) == Self.orders)
        #expect(throws: ImportError.changed(file: file.path)) { try text.endReading() }
    }

    @Test(arguments: [
        (".csv", "{", ImportKind.csv), (".CSV.GZ", "{", .csv), (".tsv", "", .csv), (".ndjson", "a", .ndjson),
        (".jsonl.gz", "a", .ndjson), (".txt", " {\"a\":1}", .ndjson), (".txt", "order_id", .csv), ("", "", .csv),
    ])
    func `says by its name what its lines are, else by its first character`(
        ending: String, text: String, kind: ImportKind
    )
        throws
    {
        let file = TemporaryFile(text.utf8, named: ending)
        #expect(try ImportKind(FileText(path: file.path)) == kind)
    }
}

extension ImportError {
    /// The kind of an error, without the name of a temporary file.
    enum Gist: Equatable {
        case cannotRead, notText, other
        case damagedGzip(byte: Int)

        init(_ error: ImportError) {
            switch error {
            case .cannotRead: self = .cannotRead
            case .damagedGzip(_, let byte, _): self = .damagedGzip(byte: byte)
            case .notText: self = .notText
            case .oneDocument, .noSuchEncoding, .notInEncoding, .noHeader, .unreadableHeader,
                .missingColumns, .ambiguousColumn, .noSuchColumn,
                .badColumnsOption, .lacksCustomer, .noSuchExport, .openForm, .badDateFormat, .nothingInIt, .changed,
                .spill, .cannotWrite, .notToBeReplaced, .log:
                self = .other
            }
        }
    }
}

/// Twelve orders as `gzip -9` packs them.
enum PackedSample {
    static let bytes: [UInt8] = {
        let digits = Array(
            """
            1f8b080000000000020355d03d0a02311086e17ecff22999fcef01bc8060bd2c490a410dc458eced8d08930452cce481b79\
            85c622adb3d227cde353fff73fe7da6b8ed1535d7fdd1b094f40ac79209812085d42741ed81ce46e072bb2e5922c82e6d64\
            5108a28b8262d1534d43b398a9666058ec54b3b02c6eaa3938163fd53c3ccb3ad556ac2c24c65cdb4874a331d836ea77203\
            926db467c892fe235c7486d010000
            """.utf8
        ).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }()
}
