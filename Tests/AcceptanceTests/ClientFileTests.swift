import Foundation
import Testing

/// The events that a real client library sent for a careless shop. Every line is an event, though hardly one is clean.
@Suite("What a client sends", .whereSharedDataAreGiven) struct ClientFileTests {
    /// Nothing in the file is refused: each line has a subject, a readable time, and what its event cannot do without.
    static let importCode: Int32 = 0
    private static let lineCount = 1_175
    /// 394 lines carry two good ids and 4 are an `alias`: 402 links of 21 pairs. One of the pairs is too long to be
    /// remembered, which is 28 of them; of the others 36 begin a day. Which of those at the same instant are written
    /// besides is up to their order: at most 69.
    private static let linkCounts = 28 + 36...28 + 36 + 69

    /// Kept orders and revenue in cents of every customer who bought or named herself, by a reading of the file that
    /// was written apart from this program. Revenue counts euros alone. Visitors without an order are forgotten by
    /// 2030.
    private static let bought: [String: [Int]] = [
        "a:af8cfce4-2ada-458e-afad-192053ae90d8": [2, 6_639],
        "a:b9ecb420-6ba0-4185-a583-703ae0f1522c": [2, 16_483],
        "a:c4871701-321c-4046-a98a-7ce19078e83e": [1, 10_680], "u:40002": [1, 6_980], "u:40012": [2, 0],
        "u:6f9619ff-8b86-4011-b42d-00c04fc964f8": [2, 5_529], "u:C-00000": [1, 1_680], "u:C-00001": [2, 8_089],
        "u:C-00003": [2, 42_056], "u:C-00004": [2, 15_650], "u:C-00005": [2, 0], "u:C-00007": [2, 7_859],
        "u:C-00009": [2, 41_253], "u:C-00010": [0, 0], "u:C-00011": [2, 22_197], "u:C-00013": [2, 31_064],
        "u:C-00014": [1, 0], "u:C-00015": [2, 14_355], "u:C-00017": [2, 11_793], "u:C-00018": [1, 15_750],
        "u:C-00019": [2, 0], "u:C-00020": [1, 10_189], "u:C-00021": [2, 19_989], "u:C-00022": [0, 0],
        "u:C-00023": [2, 18_932], "u:C-00024": [2, 4_777], "u:C-00026": [1, 0],
        "u:SHOPPER16+SHOP@EXAMPLE.COM": [1, 21_020],
        "u:auth0|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx25": [
            2, 14_039,
        ],
        "u:shopper6@example.com": [1, 1_448],
    ]

    @Test func `every customer has the orders and the revenue that the file says`() throws {
        let workplace = try Workplace()
        _ = try imported(workplace)
        let answer: CustomersAnswer = try workplace.ask(
            "customers", "--limit", "1000", "--at", "2030-01-01T00:00:00Z")
        let found = answer.customers.map { ($0.id, [$0.orders, $0.revenue.amount ?? 0]) }
        #expect(Dictionary(uniqueKeysWithValues: found) == Self.bought)
    }

    private func imported(_ workplace: Workplace) throws -> ImportAnswer {
        let run = try workplace.run(
            "import", Settings.clients, "--data", workplace.data, "--json", code: Self.importCode)
        return try JSONDecoder().decode(ImportAnswer.self, from: Data(run.output.utf8))
    }

    @Test func `every line is taken, and a second import appends nothing`() throws {
        let workplace = try Workplace()
        let first = try imported(workplace)
        #expect(first.rows == Self.lineCount)
        #expect(Self.linkCounts.contains(first.appended - Self.lineCount), "\(first.appended) were appended")
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
        // Segments are compressed, so it is their records that are searched.
        for name in try FileManager.default.subpathsOfDirectory(atPath: workplace.data)
        where !name.hasSuffix(".frames") {
            let file = URL(filePath: workplace.data + "/" + name)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            found.formUnion(mailAddresses(in: [UInt8](try Data(contentsOf: file))))
        }
        let log = try ForeignLog(workplace)
        for topic in [ForeignLog.log, ForeignLog.changes, ForeignLog.rejected] {
            found.formUnion(mailAddresses(in: try log.bytes(of: topic)))
        }
        #expect(found == ["shopper6@example.com", "SHOPPER16+SHOP@EXAMPLE.COM"])
        // The same search finds addresses in the imported file.
        let original = try unpacked(workplace)
        #expect(mailAddresses(in: original).count > 50)
    }

    @Test func `nothing that names, finds or lets in a person survives where ids are hashed`() throws {
        let workplace = try Workplace()
        let key = workplace.path + "/key"
        try "0123456789abcdef0123456789abcdef".write(toFile: key, atomically: false, encoding: .utf8)
        _ = try workplace.run(
            "import", Settings.clients, "--data", workplace.data, "--hash-ids", key, code: Self.importCode)
        var texts = ClientTexts()
        for line in try unpacked(workplace).split(separator: UInt8(ascii: "\n")) {
            // Foundation reads no half of a surrogate pair, which a line or two have.
            guard let event = try? JSONSerialization.jsonObject(with: Data(line)) else { continue }
            texts.gather(event)
        }
        #expect(texts.personal.count > 200)
        let log = try ForeignLog(workplace)
        var bytes: [UInt8] = []
        for topic in [ForeignLog.log, ForeignLog.changes, ForeignLog.rejected] { bytes += try log.bytes(of: topic) }
        #expect(mailAddresses(in: bytes) == [])
        let written = Data(bytes)
        #expect(texts.personal.filter { texts.isOnlyPersonal($0) && written.range(of: Data($0.utf8)) != nil } == [])
        // The same search finds what is no secret.
        #expect(["sku-014", "Zoë"].allSatisfy { written.range(of: Data($0.utf8)) != nil })
    }

    /// Returns every text with letters, an @, and a domain with a dot in it.
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

/// The texts of what a client sent: those that name a person, find one, or let one in; and the others.
private struct ClientTexts {
    /// The members that hold them; ids of the shop's own do none of this.
    private static let members: Set<String> = [
        "email", "phone", "firstname", "first_name", "lastname", "last_name", "name of traits", "account_name",
        "username",
        "street", "avatar", "recipient", "review_body", "share_message", "token", "advertisingid", "id of device",
        "name of device", "ip",
    ]

    private(set) var personal: Set<String> = []
    private var others: Set<String> = []

    mutating func gather(_ value: Any, under name: String = "", in outer: String = "") {
        switch value {
        case let object as [String: Any]:
            for (key, member) in object { gather(member, under: key.lowercased(), in: name) }
        case let list as [Any]: for member in list { gather(member, under: name, in: outer) }
        case let text as String:
            let isPersonal =
                Self.members.contains(name) || Self.members.contains("\(name) of \(outer)") || text.contains("@")
            // A word of three letters stands somewhere by chance.
            if isPersonal, text.utf8.count > 3 { personal.insert(text) }
            if !isPersonal { others.insert(text) }
        default: break
        }
    }

    /// Whether it stands nowhere else: a brand may be called like somebody.
    func isOnlyPersonal(_ text: String) -> Bool { !others.contains { $0.contains(text) } }
}

/// Debian's gzip, so that the program's own reader is not its own judge.
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
