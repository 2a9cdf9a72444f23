import CustomerLifecycle
import PolicyLanguage
import Testing

@Suite struct `A preset` {
    private static let currencies = ["USD", "EUR", "JPY", "KWD"].compactMap { Currency($0.utf8) }

    /// What nothing feeds yet is noted of any policy that asks for it; of actions it is noted what their models mean.
    private func remarks(_ compiled: CompiledPolicy) -> [String] {
        let meant = [
            "until friends are followed", "\"referral\" is not in force", "has no \"while:\"",
            "compete for the same limit",
        ]
        return compiled.messages.filter { message in !meant.contains { message.contains($0) } }
    }

    @Test(arguments: Preset.allCases)
    func `compiles without a remark`(preset: Preset) throws {
        #expect(remarks(preset.compiled) == [])
        let policy = try #require(preset.compiled.policy)
        #expect(policy.currency == preset.currency)
        #expect(preset.compiled.fileName == "preset:\(preset.rawValue)")
        #expect(!preset.compiled.about.isEmpty && !preset.summary.isEmpty)
    }

    @Test(arguments: Preset.allCases, currencies)
    func `compiles in any currency, and to the same rules`(preset: Preset, currency: Currency) throws {
        let compiled = preset.compiled(in: currency)
        #expect(remarks(compiled) == [])
        let (policy, own) = (try #require(compiled.policy), try #require(preset.compiled.policy))
        #expect(policy.currency == currency)
        #expect(NodeText(policy: policy).rules == NodeText(policy: own).rules)
        #expect(policy.rules == own.rules)
        // No code is left but in what is said of the figures.
        let code = preset.text(in: currency).split(separator: "\n").map { $0.prefix { $0 != "#" } }
        #expect(code.count { $0.contains(" " + currency.letters) } == preset.amounts.count + 1)
        guard currency != preset.currency else { return #expect(preset.text(in: currency) == preset.text) }
        #expect(!code.contains { $0.contains(" " + preset.currency.letters) })
    }

    @Test func `keeps its figures in another currency, and says beside each that it was chosen for its own`() throws {
        let yen = try #require(Currency("JPY".utf8))
        let lines = Preset.default.text(in: yen).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(Preset.default.amounts.map(\.figure) == ["500", "2", "60"])
        for amount in Preset.default.amounts {
            #expect(lines[amount.line - 1].contains(" \(amount.figure) JPY"))
            #expect(lines[amount.line - 1].contains("# \(amount.figure) was chosen for EUR"))
        }
        #expect(Preset.fiveSteps.amounts.isEmpty)
        let dollars = try #require(Currency("USD".utf8))
        #expect(Preset.reference.text(in: dollars) == Preset.reference.text)
    }

    /// Yen have no decimals, so an amount with some could not be kept.
    @Test(arguments: Preset.allCases)
    func `has whole amounts alone`(preset: Preset) {
        #expect(preset.amounts.allSatisfy { !$0.figure.contains(".") })
    }

    /// A number stands in code; what it rests on stands in the comment behind it or on the line above.
    @Test(arguments: Preset.allCases)
    func `gives a source for every number, or says that there is none`(preset: Preset) {
        let lines = preset.text.split(separator: "\n").map(String.init)
        let sections = ["about", "policy"]
        for (index, line) in lines.enumerated() where !sections.contains(where: line.hasPrefix) {
            let code = line.prefix { $0 != "#" }
            let numbers = code.split { !$0.isNumber && $0 != "." && !$0.isLetter && $0 != "_" }
                .filter { $0.first?.isNumber == true }
            guard numbers.contains(where: { !["0", "1"].contains($0) }) else { continue }
            let isExplained = line.contains("#") || lines[index - 1].contains("#")
            #expect(isExplained, "\(preset): \(line)")
        }
    }

    @Test(arguments: [
        (Preset.fiveSteps, ["acquire", "advocate", "retain", "develop", "reach"]),
        (.fourPhases, ["separation", "fidelisation", "consolidation", "attention"]),
        (.workingSet, ["defecting", "active", "first_purchase", "prospect"]),
        (
            .fiveStages,
            ["reactivation", "dormant", "recommendation", "loyal", "active", "conversion", "acquisition"]
        ),
        (.reference, ["lost", "dormant", "at_risk", "won_back", "loyal", "active", "first_time", "visitor"]),
    ])
    func `has its model's stages`(preset: Preset, stages: [String]) throws {
        #expect(try #require(preset.compiled.policy).stages == stages)
    }

    @Test func `by default is what a log begins under where nothing else is said`() {
        #expect(CompiledPolicy.standard.text == Array(Preset.default.text.utf8))
    }
}
