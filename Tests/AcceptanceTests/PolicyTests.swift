import Foundation
import Testing

/// The stages that a policy gives to CDNOW's customers.
struct PolicyOutcome: Sendable, CustomTestStringConvertible {
    let policy: String
    let stages: [String: Int]
    let transitions: [String: Int]

    var testDescription: String { policy }
}

@Suite(.whereSharedDataAreGiven) struct `The six policies` {
    /// At the last order's day (`CDNOW.end`), from `policies/reference/run_ref1.py FILE` of the shared folder ("at end"
    /// and "transitions"), an implementation of the language by others. CDNOW is in USD: to a policy in EUR its orders
    /// count, its money does not. `ref-1` has its own numbers in `reference.json`.
    static let outcomes = [
        PolicyOutcome(
            policy: "default",
            stages: [
                "lost": 14_852, "dormant": 3_326, "at_risk": 945, "active": 640, "loyal": 2_563, "won_back": 1_244,
            ],
            transitions: [
                "active->at_risk": 5_493, "active->loyal": 4_664, "at_risk->active": 2_159,
                "at_risk->dormant": 23_234, "at_risk->loyal": 2_894, "dormant->lost": 15_564,
                "dormant->won_back": 4_344, "first_time_buyer->active": 7_079, "first_time_buyer->at_risk": 16_491,
                "lost->won_back": 712, "loyal->active": 1_181, "loyal->at_risk": 5_239,
                "none->first_time_buyer": 23_570, "won_back->active": 378, "won_back->at_risk": 2_009,
                "won_back->loyal": 1_425,
            ]),
        PolicyOutcome(
            policy: "five-stages",
            stages: [
                "reactivation": 15_220, "dormant": 2_958, "loyal": 3_009, "active": 2_383,
            ],
            transitions: [
                "active->dormant": 20_132, "active->loyal": 6_808, "dormant->active": 2_509, "dormant->loyal": 1_622,
                "dormant->reactivation": 16_145, "loyal->active": 2_319, "loyal->dormant": 3_102,
                "none->active": 23_570, "reactivation->active": 925,
            ]),
        PolicyOutcome(
            policy: "five-steps",
            stages: [
                "acquire": 15_220, "retain": 8_350,
            ],
            transitions: [
                "acquire->retain": 925, "develop->acquire": 12_607, "develop->retain": 10_963,
                "none->develop": 23_570, "retain->acquire": 3_538,
            ]),
        PolicyOutcome(
            policy: "four-phases",
            stages: [
                "separation": 15_220, "consolidation": 7_646, "fidelisation": 704,
            ],
            transitions: [
                "consolidation->separation": 3_538, "fidelisation->consolidation": 11_184,
                "fidelisation->separation": 12_607, "none->fidelisation": 23_570, "separation->fidelisation": 925,
            ]),
        PolicyOutcome(
            policy: "working-set",
            stages: [
                "defecting": 18_625, "active": 4_945,
            ],
            transitions: [
                "active->defecting": 12_681, "defecting->active": 10_547, "first_purchase->active": 7_079,
                "first_purchase->defecting": 16_491, "none->first_purchase": 23_570,
            ]),
    ]

    /// For each policy the sections that this version does not run yet.
    static let notInForce: [(policy: String, sections: [String])] = [
        ("default", ["referral"]),
        ("five-stages", ["referral"]),
        ("five-steps", []),
        ("four-phases", []),
        ("ref-1", []),
        ("working-set", []),
    ]

    @Test(arguments: notInForce)
    func `are accepted, and told what is not in force`(policy: String, sections: [String]) throws {
        let workplace = try Workplace()
        let run = try workplace.run("policy", "check", Settings.policy(policy), "--json")
        let answer = try JSONDecoder().decode(PolicyAnswer.self, from: Data(run.output.utf8))
        #expect(answer.ok)
        #expect(answer.errors.isEmpty)
        let said = answer.notes.map(\.message).filter { $0.contains("not in force yet") }
        #expect(said.map { $0.split(separator: "\"").first.map(String.init) ?? "" } == sections, "\(said)")
    }

    @Test(arguments: outcomes)
    func `give CDNOW's customers the stages and transitions of the reference`(outcome: PolicyOutcome) throws {
        let workplace = try Workplace()
        // These shops count in euros, and CDNOW in dollars: an import would refuse to begin a log so.
        let text = try String(contentsOfFile: Settings.policy(outcome.policy), encoding: .utf8)
        let policy = workplace.data + ".yaml"
        try text.replacing(" EUR", with: " USD").write(
            toFile: policy, atomically: true, encoding: .utf8)
        try workplace.run(CDNOW.importing(into: workplace.data, policy: policy))
        let answer = try workplace.stages(at: CDNOW.end)
        #expect(answer.inhabited == outcome.stages)
        #expect(answer.transitions == outcome.transitions)
        let changes = ChangesSummary(try ForeignLog(workplace).changes(), upTo: CDNOW.end)
        #expect(changes.transitions == outcome.transitions)
        #expect(changes.broken.isEmpty)
    }
}

@Suite(.whereSharedDataAreGiven) struct `A policy that is adopted` {
    /// The output of `policy diff --json`.
    private struct Diff: Decodable {
        struct Pair: Decodable {
            let old: Int
            let new: Int
        }

        let moved: Int
        let stages: [String: Pair]
    }

    @Test func `gives CDNOW's customers the stages that the comparison had said`() throws {
        let workplace = try Workplace()
        try workplace.run("import", Settings.cdnow, "--data", workplace.data)
        let text = try workplace.run("policy", "show", "--data", workplace.data, "--source").output
        let sooner = text.replacing("dormant:          silence > 182 days", with: "dormant: silence > 120 days")
        #expect(sooner != text)
        let file = workplace.path + "/sooner.yaml"
        try sooner.write(toFile: file, atomically: true, encoding: .utf8)
        let run = try workplace.run(
            "policy", "diff", file, "--data", workplace.data, "--at", CDNOW.end, "--json", code: 1)
        let diff = try JSONDecoder().decode(Diff.self, from: Data(run.output.utf8))
        #expect(try workplace.stages(at: CDNOW.end).stages == diff.stages.mapValues(\.old))
        try workplace.run("policy", "adopt", file, "--data", workplace.data, "--yes")
        #expect(try workplace.stages(at: CDNOW.end).stages == diff.stages.mapValues(\.new))
        #expect(diff.moved == 1_108)
    }

    @Test func `at once by three is one of theirs, and the others are told whose`() throws {
        let workplace = try Workplace()
        try workplace.run("import", Settings.cdnow, "--data", workplace.data)
        let text = try workplace.run("policy", "show", "--data", workplace.data, "--source").output
        let children = try [100, 110, 120].map { days in
            let file = workplace.path + "/dormant-\(days).yaml"
            try text.replacing("silence > 182 days", with: "silence > \(days) days").write(
                toFile: file, atomically: true, encoding: .utf8)
            return try workplace.start(["policy", "adopt", file, "--data", workplace.data, "--yes"])
        }
        let runs = try children.map { try $0.wait() }
        #expect(runs.map(\.code).sorted { ($0 ?? -1) < ($1 ?? -1) } == [0, 2, 2], "\(runs.map(\.errors))")
        for run in runs where run.code == 2 { #expect(run.errors.contains("adopted meanwhile"), "\(run.errors)") }
        let history = try workplace.run("policy", "history", "--data", workplace.data, "--json").output
        #expect(history.ranges(of: "\"hash\"").count == 2, "\(history)")
    }
}

/// The output of `policy check --json`.
struct PolicyAnswer: Decodable {
    struct Message: Decodable {
        let line: Int
        let message: String
    }

    let ok: Bool
    let errors: [Message]
    let notes: [Message]
}
