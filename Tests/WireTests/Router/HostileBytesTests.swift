import Foundation
import Hostile
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
            let bytes = Self.event(&random)
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
            let bytes = Self.event(&random)
            var fresh = StorefrontReader(settings: shop.settings)
            #expect(
                Self.routed(bytes, with: &used) == Self.routed(bytes, with: &fresh),
                Comment(rawValue: "seed \(seed): " + String(decoding: bytes, as: UTF8.self)))
        }
    }

    private static let mutations = Mutations.ofEvents(SampleEvents.all)

    private static func event(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = SampleEvents.all[Int.random(in: 0..<SampleEvents.all.count, using: &random)]
        for _ in 0..<Int.random(in: 0...4, using: &random) { mutations.apply(to: &bytes, &random) }
        return bytes
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
