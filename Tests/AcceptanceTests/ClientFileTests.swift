import Foundation
import Testing

/// What a real client library sent for a sloppy shop: every line of it is an event, though hardly one is tidy.
@Suite("What a client sends", .whereSharedDataAreGiven) struct ClientFileTests {
    /// Nothing in the file is refused: each line has a subject, a readable time, and what its event cannot do without.
    static let importCode: Int32 = 0
    private static let lineCount = 1_175
    /// 394 lines carry two good ids, which gives a link each; 4 lines are an `alias`, which gives two.
    private static let linkCount = 394 + 2 * 4

    private func imported(_ workplace: Workplace) throws -> ImportAnswer {
        let run = try workplace.run(
            "import", Settings.clients, "--data", workplace.data, "--json", code: Self.importCode)
        return try JSONDecoder().decode(ImportAnswer.self, from: Data(run.output.utf8))
    }

    @Test func `every line is taken, and a second import appends nothing`() throws {
        let workplace = try Workplace()
        let first = try imported(workplace)
        #expect(first.rows == Self.lineCount)
        #expect(first.appended == Self.lineCount + Self.linkCount)
        #expect(first.rejected == 0)
        #expect(first.rejectedLines == [])
        let byteCount = try workplace.logByteCount()
        let second = try imported(workplace)
        #expect((second.appended, second.alreadyThere) == (0, Self.lineCount))
        #expect(try workplace.logByteCount() == byteCount)
    }

    @Test func `no mail address survives but in user ids that are one`() throws {
        let workplace = try Workplace()
        _ = try imported(workplace)
        var found: Set<String> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: workplace.data) {
            let file = URL(filePath: workplace.data + "/" + name)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            found.formUnion(mailAddresses(in: [UInt8](try Data(contentsOf: file))))
        }
        #expect(found == ["shopper6@example.com", "SHOPPER16+SHOP@EXAMPLE.COM"])
        // The same look finds them in what was imported.
        let original = try unpacked(workplace)
        #expect(mailAddresses(in: original).count > 50)
    }

    /// Whatever has letters, an @, and a domain with a dot in it.
    private func mailAddresses(in bytes: [UInt8]) -> Set<String> {
        func isPart(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._%+-".utf8.contains(byte)
            }
        }
        var found: Set<String> = []
        for (at, byte) in bytes.enumerated() where byte == UInt8(ascii: "@") {
            let name = bytes[..<at].reversed().prefix(while: isPart).reversed()
            let domain = bytes[(at + 1)...].prefix(while: isPart)
            guard !name.isEmpty, domain.dropFirst().dropLast().contains(UInt8(ascii: ".")) else { continue }
            found.insert(String(decoding: Array(name) + [byte] + domain, as: UTF8.self))
        }
        return found
    }

    private func unpacked(_ workplace: Workplace) throws -> [UInt8] {
        try Gzip.unpack(Settings.clients, to: workplace.path + "/unpacked")
        return [UInt8](try Data(contentsOf: URL(filePath: workplace.path + "/unpacked")))
    }
}

/// Debian's own, so that the program's reader is not asked about itself.
enum Gzip {
    static func unpack(_ file: String, to path: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "gzip --decompress --stdout \"$0\" > \"$1\"", file, path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
