import CustomerLifecycle
import Hostile
import JSONSchemas
import Testing

@testable import PolicyLanguage

@Suite struct `The schema of policy files` {
    private let schema: JSONSchema

    init() throws { schema = try JSONSchema("policy.json") }

    /// What stands in the schema at a path of names and indexes.
    private func word(_ path: String...) -> Any? {
        JSONValue(schema.root).value(at: JSONPlace(steps: path.map(JSONPlace.Step.member)))
    }

    private func keys(_ path: String...) -> Set<String> {
        let value = JSONValue(schema.root).value(at: JSONPlace(steps: path.map(JSONPlace.Step.member)))
        return Set((value as? [String: Any] ?? [:]).keys)
    }

    @Test func `has the compiler's sections, and says which of them are not in force`() {
        #expect(keys("properties") == Set(Section.allCases.map(\.rawValue)))
        for section in Section.allCases {
            let description = word("properties", section.rawValue, "description") as? String ?? ""
            #expect(description.hasPrefix("Not in force yet") == (section.readiness == .notBuilt), "\(section)")
            guard section.knownKeys != nil else { continue }
            #expect(keys("properties", section.rawValue, "properties") == Set(section.builtKeys), "\(section)")
        }
    }

    @Test func `has the compiler's assumptions, facts and limits`() throws {
        let assumptions = Assumption.allCases.compactMap { $0.rawValue.split(separator: ": ") }
            .filter { $0.first == "assume" }.map { String($0[1]) }
        #expect(keys("properties", "assume", "properties") == Set(assumptions))
        let description = try #require(word("$defs", "condition", "description") as? String)
        let facts = try #require(description.firstMatch(of: /Facts: ([^.]*)\./)).output.1
        let all = FactWord.all.filter { $0.layer == .fact }.map(\.phrase)
        #expect(facts.split(separator: ", ").map(String.init) == all)
        #expect(word("properties", "policy", "maxLength") as? Int == PolicyReader.nameLengthMax)
        #expect(word("properties", "stages", "maxItems") as? Int == PolicyReader.ruleCountMax)
        #expect(word("properties", "phases", "maxProperties") as? Int == PolicyReader.vocabularyCountMax)
        #expect(word("$defs", "name", "maxLength") as? Int == BusinessID.byteCountMax)
        let texts = try #require(word("$defs", "texts", "anyOf") as? [[String: Any]])
        #expect(texts.last?["maxItems"] as? Int == PolicyReader.purposeCountMax)
        #expect(PolicyReader.purposeCountMax == PolicyReader.zoneCountMax)
    }

    @Test(arguments: Preset.allCases.map(\.text) + SamplePolicies.all)
    func `takes what the compiler takes`(policy: String) throws {
        #expect(PolicyCompiler.compile(policy).errors.isEmpty)
        #expect(schema.problems(of: try JSONValue(yaml: policy)) == [])
    }

    private static let stages = "stages: [{a: orders >= 2}, {b: otherwise}]"

    @Test(arguments: [
        stages, "policy: t", "policy: t\n\(stages)\nphase: x", "policy: ''\n\(stages)", "policy: [t]\n\(stages)",
        "policy: \(String(repeating: "t", count: 101))\n\(stages)", "policy: t\nstages: {a: otherwise}",
        "policy: t\nstages: []", "policy: t\nstages: [{a: orders = 1, b: otherwise}]",
        "policy: t\nstages: [{A: otherwise}]", "policy: t\nstages: [{a b: otherwise}]", "policy: t\nstages: [{a: ''}]",
        "policy: t\nstages: [a]", "policy: t\nstages: [{\(String(repeating: "a", count: 65)): otherwise}]",
        "policy: t\nstages: [{a: {every: [orders = 1]}}, {b: otherwise}]",
        "policy: t\nstages: [{a: {all: orders = 1}}, {b: otherwise}]",
        "policy: t\nstages: [{a: {all: []}}, {b: otherwise}]",
        "policy: t\nstages: [{a: {all: [orders = 1], any: [orders = 1]}}, {b: otherwise}]",
        "policy: t\nstages: [\(String(repeating: "{a: orders = 1}, ", count: 64)){b: otherwise}]",
        "policy: t\n\(stages)\ncurrency: eur", "policy: t\n\(stages)\ncurrency: [EUR]",
        "policy: t\n\(stages)\ncycle ends after: 3", "policy: t\n\(stages)\ncycle ends after: 3 months",
        "policy: t\n\(stages)\nassume: {gap: 3 days}", "policy: t\n\(stages)\nassume: {margin: 101 %}",
        "policy: t\n\(stages)\nassume: {margin: a lot}", "policy: t\n\(stages)\ndefine: {Big: orders >= 9}",
        "policy: t\n\(stages)\ndefine: [orders >= 9]", "policy: t\n\(stages)\nother time zones: {a: UTC}",
        "policy: t\n\(stages)\nphases: [v]", "policy: t\n\(stages)\nphases: {V: {x: [a, b]}}",
        "policy: t\n\(stages)\nphases: {v: {X: [a, b]}}", "policy: t\n\(stages)\nphases: {v: [a, b]}",
        "policy: t\n\(stages)\nphases: {v: {x: {a: b}}}",
        "policy: t\n\(stages)\ncontact: {purposes: {a: b}}", "policy: t\n\(stages)\nreferral: {hold: long}",
        "policy: t\n\(stages)\ncontact: anything", "policy: t\n\(stages)\ncontact: {limits: 1}",
        "policy: t\n\(stages)\ncontact: {limits: [9 sms per 1 day]}",
        "policy: t\n\(stages)\ncontact: {quiet hours: at night}", "policy: t\n\(stages)\ncontact: {hold out: few}",
        "policy: t\n\(stages)\ncontact: {cost: {fax: 2 EUR per 1000}}",
        "policy: t\n\(stages)\ncontact: {cost: {sms: 2}}", "policy: t\n\(stages)\nactions: [what, {ever: 1}]",
        "policy: t\n\(stages)\nactions: {a: {task: {s: at once}}}",
        "policy: t\n\(stages)\nactions: {a: {after: first order, task: {s: now}}}",
        "policy: t\n\(stages)\nactions: {a: {after: first order, task: {}}}",
        "policy: t\n\(stages)\nactions: {A: {after: first order, task: {s: at once}}}",
        "policy: t\n\(stages)\nactions: {a: {after: first order, fax marketing: {s: at once}}}",
        "policy: t\n\(stages)\nactions: {a: {after: first order, once per: life, task: {s: at once}}}",
        "policy: t\n\(stages)\nexperiments: {e: {in: a}}",
        "policy: t\n\(stages)\nexperiments: {e: {in: a, variants: {x: half}}}",
    ])
    func `refuses what the compiler refuses for its shape`(policy: String) throws {
        #expect(!PolicyCompiler.compile(policy).errors.isEmpty)
        #expect(!schema.problems(of: try JSONValue(yaml: policy)).isEmpty)
    }

    @Test(arguments: [
        "policy: 7", "policy: t\nabout: x", "policy: t\nother time zones: UTC",
        "policy: t\nactions: {a: {after: first order, once per: cycle, email marketing: {s: at once}}}\n"
            + "cycle ends after: 9 days",
        "policy: t\nactions: {a: {after: entering b, give up after: 1 hour, task: {s: 2 days later, t: day 1 at 09:00}}}\n"
            + "time zone: UTC\nexperiments: {e: {in: a, variants: {x: 30 %, y: 70%}, salt: z}}",
        "policy: t\ncontact: {purposes: news, limits: 1 sms per 2 days, pause while: open complaints >= 1}",
        "policy: t\ncontact: {limits: [3 emails per 1 week, 8 contacts per 31 days], quiet hours: 21:00 to 08:00, "
            + "hold out: 5 %, cost: {post: 700.5 EUR per 1000}}\ncurrency: EUR\ntime zone: UTC",
        "policy: t\nphases: {v: {x: [a], y: b}, w: {all: [a, b]}}", "policy: t\nassume: {margin: 040%}",
        "policy: t\ncycle ends after: 1  week", "policy: t\nreferral: {hold: 14 days, limit: 5 friends}",
        "policy: t\ndefine: {big: {any: [orders >= 9, {none: [orders >= 2]}]}, gap: 3 days}",
    ])
    func `takes what the compiler takes for its shape`(policy: String) throws {
        let policy = policy + "\n" + Self.stages
        #expect(PolicyCompiler.compile(policy).errors.map { "\($0)" } == [])
        #expect(schema.problems(of: try JSONValue(yaml: policy)) == [])
    }
}
