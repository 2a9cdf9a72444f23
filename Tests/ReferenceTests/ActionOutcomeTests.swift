import Foundation
import PolicyLanguage
import Testing
import Wire

@testable import CustomerLifecycle

@Suite struct `The actions of three thousand customers` {
    @Test func `have the outcomes that the reference gives them, each at its instant and for its reason`() throws {
        var differing: [String] = []
        var excusedCount = 0
        var caseCount = 0
        var counts: [String: Int] = [:]
        for line in try ReferenceCase.read("actions.jsonl.gz") {
            let reference = try ActionCase(line: line)
            var course = try ActionCourse(reference.policy, customer: reference.customer)
            for entry in reference.log { try course.follow(entry) }
            for output in reference.outputs where output.outcome != nil {
                counts["\(output.outcome ?? "") \(output.reason ?? "")", default: 0] += 1
            }
            let expected = reference.outputs.map(\.text)
            caseCount += 1
            if course.outputs != expected, reference.isExcused {
                excusedCount += 1
                continue
            }
            if let place = zip(course.outputs, expected).map({ $0 != $1 }).firstIndex(of: true) {
                differing.append(
                    "\(reference.id): output \(place) is \(course.outputs[place]), not \(expected[place])")
            } else if course.outputs.count != expected.count {
                let next = [course.outputs, expected].map { $0.dropFirst(min(course.outputs.count, expected.count)) }
                differing.append("\(reference.id): ours goes on \(next[0].prefix(1)), theirs \(next[1].prefix(1))")
            }
        }
        #expect(differing.isEmpty, "\(differing.count) differ:\n\(differing.prefix(20).joined(separator: "\n"))")
        #expect(excusedCount * 200 <= caseCount, "\(excusedCount) of \(caseCount) may differ, and do")
        for reason in ["due ", "cancelled while", "cancelled policy"] { #expect(counts[reason, default: 0] >= 50) }
    }
}

struct ActionCase {
    enum Entry {
        case event(json: [UInt8], appended: Instant, isBackfill: Bool)
        case tick(Instant)
        case adoption(Instant, policy: String)
    }

    struct Output: Decodable {
        let t: Int64
        let type: String
        let from: String?
        let to: String?
        let entry: Int?
        let segment: String?
        let change: String?
        let action: String?
        let step: String?
        let key: String?
        let outcome: String?
        let reason: String?
        let channel: String?
        let purpose: String?
        let planned: Int64?
        let deadline: Int64?
        let variant: String?

        var text: String {
            switch type {
            case "stage": "\(t) \(from ?? "–") → \(to ?? "") entry \(entry ?? 0)"
            case "segment": "\(t) \(segment ?? "") \(change ?? "") entry \(entry ?? 0)"
            default:
                "\(t) \(action ?? "")/\(step ?? "")/\(key ?? "") \(outcome ?? "") \(reason ?? "–") "
                    + "\(channel ?? "–") \(purpose ?? "–") planned \(planned ?? 0) until \(deadline ?? 0) "
                    + "variant \(variant ?? "–")"
            }
        }
    }

    private struct Whole: Decodable {
        let id: Int
        let customer: String
        let policy: String
        let outputs: [Output]
    }

    let id: Int
    let customer: String
    let policy: String
    let log: [Entry]
    let outputs: [Output]

    /// Whether two events write one register at one instant, where the reference looks at ids and we at hashes; or a
    /// consent runs out, which moves a subject's time with us, since subscribers are told.
    private(set) var isExcused = false

    init(line: Substring) throws {
        let data = Data(line.utf8)
        let whole = try JSONDecoder().decode(Whole.self, from: data)
        id = whole.id
        customer = whole.customer
        policy = whole.policy
        outputs = whole.outputs
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let records = try #require(object["log"] as? [[String: Any]])
        var written: Set<String> = []
        for case let body as [String: Any] in records.map({ $0["body"] as Any }) {
            let properties = body["properties"] as? [String: Any] ?? [:]
            if properties["valid_until"] != nil { isExcused = true }
            let name = (body["event"] as? String ?? "").split(separator: " ")
            let thing = properties["complaint_id"] ?? properties["order_id"] ?? properties["product_id"] ?? ""
            let isOfRegister = ["Complaint", "Product", "Order", "Email", "SMS", "Push", "Segment"].contains(name.first)
            let register = "\(name.first ?? "") \(thing) \(body["timestamp"] ?? "")"
            if isOfRegister, !written.insert(register).inserted { isExcused = true }
        }
        log = try records.map { record in
            func instant(_ name: String) -> Instant {
                Instant(milliseconds: (record[name] as? NSNumber)?.int64Value ?? 0)
            }
            switch record["kind"] as? String {
            case "event":
                let json = try JSONSerialization.data(withJSONObject: try #require(record["body"]))
                return .event(
                    json: Array(json), appended: instant("appended"), isBackfill: record["backfill"] as? Bool ?? false)
            case "tick": return .tick(instant("T"))
            default: return .adoption(instant("T"), policy: try #require(record["policy"] as? String))
            }
        }
    }
}
