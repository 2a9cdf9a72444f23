package import CustomerLifecycle

/// `policy backtest`: what came of the customers whom time alone brought into a stage, by rule.
package struct BacktestReport: Report, Equatable {
    /// What became of those who entered.
    package struct Outcome: Equatable, Sendable {
        package var enteredCount = 0
        /// Who ordered again within the horizon: for them it was early.
        package var orderedAgainCount = 0
        /// Who may still order within it: the observation ends before.
        package var openCount = 0
        /// Who did not order again in all the time that counts as never, and that was observed.
        package var neverCount = 0

        package init() {}

        func writeMembers(to json: inout JSONWriter) {
            json.member("entered", enteredCount)
            json.member("ordered_again", orderedAgainCount)
            json.member("open", openCount)
            json.member("never_again", neverCount)
        }
    }

    package struct Rule: Equatable, Sendable {
        package var stage: String
        package var line: Int
        /// As it stands in the file.
        package var text: String
        package var outcome = Outcome()
        /// Of the customers who never came back, those whom this rule found after their last order.
        package var caughtCount = 0
        /// After how much silence it found half of these, and nine in ten; nil where it found none.
        package var silenceMedian: Milliseconds?
        package var silence90: Milliseconds?
        /// By month of entry, counted from the year 0, in their order.
        package var months: [(month: Int, outcome: Outcome)] = []

        package init(stage: String, line: Int, text: String) {
            self.stage = stage
            self.line = line
            self.text = text
        }

        package static func == (a: Self, b: Self) -> Bool {
            a.stage == b.stage && a.line == b.line && a.text == b.text && a.outcome == b.outcome
                && a.caughtCount == b.caughtCount && a.silenceMedian == b.silenceMedian
                && a.silence90 == b.silence90 && a.months.map(\.month) == b.months.map(\.month)
                && a.months.map(\.outcome) == b.months.map(\.outcome)
        }
    }

    /// The policy, or one that differs from it in a number.
    package struct Variant: Equatable, Sendable {
        /// `as it is`, or `line 20: 60 days`.
        package var name: String
        /// Those that time alone leads to.
        package var rules: [Rule]

        package init(name: String, rules: [Rule]) {
            self.name = name
            self.rules = rules
        }
    }

    /// Where the observation ends.
    package var until: Instant?
    package var horizon: Milliseconds
    /// So long without an order is never.
    package var never: Milliseconds
    package var policy: PolicyDiffReport.Side
    /// Who ordered.
    package var customers = 0
    /// Those of them who never came back.
    package var goneCount = 0
    package var variants: [Variant] = []

    package init(until: Instant?, horizon: Milliseconds, never: Milliseconds, policy: PolicyDiffReport.Side) {
        self.until = until
        self.horizon = horizon
        self.never = never
        self.policy = policy
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("until", until)
        json.member("horizon_seconds", horizon.count / 1_000)
        json.member("never_seconds", never.count / 1_000)
        json.object("policy") { json in
            json.member("file", policy.file)
            json.member("name", policy.name)
            json.member("hash", policy.hash)
        }
        json.member("customers_with_orders", customers)
        json.member("never_came_back", goneCount)
        json.array("variants", variants) { json, variant in
            json.beginObject()
            json.member("name", variant.name)
            json.array("rules", variant.rules) { json, rule in
                json.beginObject()
                json.member("stage", rule.stage)
                json.member("line", rule.line)
                json.member("text", rule.text)
                rule.outcome.writeMembers(to: &json)
                json.member("caught", rule.caughtCount)
                json.member("silence_median_seconds", rule.silenceMedian.map { $0.count / 1_000 })
                json.member("silence_90_seconds", rule.silence90.map { $0.count / 1_000 })
                json.array("months", rule.months) { json, month in
                    json.beginObject()
                    json.member("month", PolicyReplayReport.text(month: month.month))
                    month.outcome.writeMembers(to: &json)
                    json.endObject()
                }
                json.endObject()
            }
            json.endObject()
        }
    }
}
