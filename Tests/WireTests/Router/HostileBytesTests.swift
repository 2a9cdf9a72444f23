import Foundation
import Testing
import Wire

/// Real events, damaged at random. A failure prints its seed, and that seed alone repeats it exactly.
@Suite struct `Hostile bytes` {
    private static let roundCount = 300

    @Test(arguments: UInt64(1)...20)
    func `never trap, and what is taken is valid JSON that routes to itself without any mail address`(seed: UInt64)
        throws
    {
        var random = SeededGenerator(seed: seed)
        let shop = RouterScenario {
            $0.hashKey = Array("key".utf8)
            $0.referralParameter = "ref"
            $0.zone = .berlin
            $0.consentCategories = ["C0004": "email_marketing"]
            $0.listPurposes = ["newsletter": "transactional"]
        }
        var reader = StorefrontReader(settings: shop.settings)
        var takenCount = 0
        for _ in 0..<Self.roundCount {
            let bytes = HostileEvent.make(&random)
            guard let routed = Self.routed(bytes, with: &reader) else { continue }
            takenCount += 1
            let context = Comment(rawValue: "seed \(seed): " + String(decoding: bytes, as: UTF8.self))
            #expect(Self.leaks(routed.body) == [], context)
            let again = Self.routed(Array(routed.body.utf8), with: &reader)
            #expect(again?.body == routed.body, context)
            #expect(again?.subject == routed.subject, context)
            #expect(again?.messageID == routed.messageID, context)
            #expect(again?.links == routed.links, context)
        }
        #expect(takenCount > Self.roundCount / 5, "Too few events survive their mutation to prove anything.")
    }

    @Test(arguments: UInt64(1)...20)
    func `leave nothing behind for the next record`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let shop = RouterScenario { $0.referralParameter = "ref" }
        var used = StorefrontReader(settings: shop.settings)
        for _ in 0..<20 {
            let bytes = HostileEvent.make(&random)
            var fresh = StorefrontReader(settings: shop.settings)
            #expect(
                Self.routed(bytes, with: &used) == Self.routed(bytes, with: &fresh),
                Comment(rawValue: "seed \(seed): " + String(decoding: bytes, as: UTF8.self)))
        }
    }

    private static func routed(_ bytes: [UInt8], with reader: inout StorefrontReader) -> RouterScenario.Routed? {
        do {
            return try RouterScenario.route(bytes, with: &reader)
        } catch {
            return nil
        }
    }

    /// Returns what is wrong with a body by another parser than ours: errors of JSON, and mail addresses.
    private static func leaks(_ body: String) -> [String] {
        do {
            var found: [String] = []
            collect(try JSONSerialization.jsonObject(with: Data(body.utf8)), into: &found)
            return found
        } catch {
            // JSON sets no limit to numbers; that parser does.
            return body.contains(/[eE]\+?[0-9]{2}/) || body.contains(/[0-9]{300}/) ? [] : ["\(error)"]
        }
    }

    private static func collect(_ value: Any, into found: inout [String]) {
        switch value {
        case let object as [String: Any]:
            for (key, member) in object {
                collect(key, into: &found)
                collect(member, into: &found)
            }
        case let list as [Any]:
            for element in list { collect(element, into: &found) }
        case let text as String:
            guard text.utf8.contains(where: { $0 == 0x40 || $0 == 0x25 }) else { return }
            let plain = text.replacingOccurrences(of: "%25", with: "%").replacingOccurrences(of: "%40", with: "@")
            if plain.contains("@"), plain.contains(/[A-Za-z0-9._+-]@[A-Za-z0-9-]+\.[A-Za-z]/) { found.append(text) }
        default: break
        }
    }
}

/// Makes one of a few events, mutated.
private enum HostileEvent {
    static func make(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(events[Int.random(in: 0..<events.count, using: &random)].utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) { mutate(&bytes, &random) }
        return bytes
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let length = min(Int.random(in: 1...40, using: &random), bytes.count - place)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<place + length)
        case 2:
            bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &random))
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: pick(pieces, &random), at: place)
        default: insertInText(pick(texts, &random), into: &bytes, from: place)
        }
    }

    /// Inserts a text behind the next quote, so that the event usually stays JSON.
    private static func insertInText(_ text: [UInt8], into bytes: inout [UInt8], from place: Int) {
        guard let quote = bytes[place...].firstIndex(of: UInt8(ascii: "\"")), quote + 1 < bytes.count else { return }
        let next = bytes[quote + 1]
        guard next != UInt8(ascii: ","), next != UInt8(ascii: ":"), next != UInt8(ascii: "}") else { return }
        bytes.insert(contentsOf: text, at: quote + 1)
    }

    private static func pick(_ list: [String], _ random: inout SeededGenerator) -> [UInt8] {
        Array(list[Int.random(in: 0..<list.count, using: &random)].utf8)
    }

    private static let texts = [
        "a@b.cd", "x@y.example ", #"\u0040"#, #"a\u0040b.cd"#, "a%40b.cd", "%2540b.cd", #"\ud83d"#, #"\ude0d"#,
        #"\u0000"#,
        "://", "https://a.b/?c=", "?", "#", "?ref=a%40b.cd&utm_source=x%40y.zz&utm_campaign=\u{7F}", " ", "%22", #"\""#,
        "_",
        #"\\"#, #"\/"#, "🧦", "\u{202E}", "id", "null", "://a?x\\\" ://b@c.dd/?e", "@", ".", "@b.c",
        #"\u0025\u0034\u0030"#,
        String(repeating: "x", count: 300),
    ]

    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", #","email":"a@b.cd""#, #""a@b.cd":1,"#, "1e999", "-",
        "\u{FEFF}",
        #","userId":"a@b.cd""#, #","properties":{"total":1}"#, #","context":{"page":{"url":"?utm_source=a"}}"#, "\u{1}",
        #"[[[[[[[["#, #""\u006dessageId":7,"#, #""type":"alias","previousId":"p","#,
    ]

    private static let events = [
        #"""
        {"timestamp":"2024-02-15T09:47:35.414Z","integrations":{},"event":"Order Completed","type":"track","properties":{"order_id":"ORD-1","total":133.88,"revenue":"112,5","currency":"","coupon":"SPRING-1","products":[{"product_id":700001,"name":"Wool socks \ud83e","price":12.5,"url":"https://shop.example/p/2?ref=list"}]},"context":{"library":{"name":"x","version":"3.1.0"},"externalIds":[{"id":"anna@shop.example","type":"email"},{"id":"cus_2","type":"stripe"}]},"userId":"C-00001","anonymousId":"2d32ce0f","messageId":"node-1","_metadata":{"jsRuntime":"node"},"sentAt":"2025-11-22T04:38:42.522Z","receivedAt":"2025-11-22T04:38:42.535Z"}
        """#,
        #"""
        {"type":"identify","userId":"anna@shop.example","traits":{"email":"anna@shop.example","name":"Anna","birthday":"1990-05-13T22:00:00.000Z","address":{"city":"Köln"},"plan":"basic","avatar":"https://x/a.png"},"timestamp":1700000000,"messageId":"m-2"}
        """#,
        #"""
        {"type":"page","anonymousId":"%22v-1%22","name":"Home","properties":{"url":"http://shop.example/?ref=FRIEND-42","search":"?ref=FRIEND-42","referrer":"https://www.google.com/?q=x#c"},"context":{"ip":"203.0.113.0","locale":"de-DE","timezone":"Europe/Berlin","page":{"url":"https://shop.example/?utm_source=google&utm_campaign=spring+sale","path":"/?x"},"consent":{"categoryPreferences":{"C0004":true,"marketing":false}}},"messageId":"m-3"}
        """#,
        #"""
        {"type":"alias","userId":"C-2","previousId":"v-2","anonymousId":"v-3","originalTimestamp":"2025-01-01"}
        """#,
        #"""
        {"event":"Product Reviewed","userId":7,"properties":{"rating":"4","review_body":"write me at anna@shop.example","review_id":"r-1","list_id":"newsletter"},"timestamp":"2025-03-01 10:00:00"}
        """#,
        #"""
        {"type":"track","event":" Signed Up ","userId":"C-9","properties":{"name":"Anna","username":"anna","type":"organic","email":"","note":"x"},"traits":{"E_mail":["a"]},"messageId":"m-5"}
        """#,
    ]
}

/// SplitMix64. The same seed gives the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
