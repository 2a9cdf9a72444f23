package import CustomerLifecycle

/// `actions`: what fell due and what did not, what is to come, and what came of experiments.
package struct ActionsReport: Report, Equatable {
    /// What became of one step of an action, and how many wait.
    package struct Step: Equatable, Sendable {
        package var action: String
        package var step: String
        /// Nil of a task, and of what the policy has not any more.
        package var channel: String?
        package var purpose: String?
        package var due = 0
        /// By reason.
        package var cancelled: [String: Int] = [:]
        package var suppressed: [String: Int] = [:]
        /// Not decided yet.
        package var pending = 0

        package init(action: String, step: String, channel: String?, purpose: String?) {
            self.action = action
            self.step = step
            self.channel = channel
            self.purpose = purpose
        }

        package var cancelledCount: Int { cancelled.values.reduce(0, +) }
        package var suppressedCount: Int { suppressed.values.reduce(0, +) }
    }

    /// Steps that are looked at on one day (UTC).
    package struct Day: Equatable, Sendable {
        package var date: CivilDate
        package var action: String
        package var step: String
        package var count: Int

        package init(date: CivilDate, action: String, step: String, count: Int) {
            self.date = date
            self.action = action
            self.step = step
            self.count = count
        }
    }

    /// Those who got one variant of an experiment.
    package struct Arm: Equatable, Sendable {
        package var experiment: String
        package var variant: String
        /// Customers whose first step reached its release.
        package var customers = 0
        /// Of them, who ordered within the time asked for.
        package var ordered = 0
        /// Of them, whose time is not over yet.
        package var open = 0

        package init(experiment: String, variant: String) {
            self.experiment = experiment
            self.variant = variant
        }
    }

    package var asOf: Instant?
    /// Outcomes from this instant on are counted; nil for all.
    package var since: Instant?
    /// So far ahead `days` looks.
    package var ahead: Milliseconds
    /// So long after the first release an order counts for an arm.
    package var within: Milliseconds
    package var policy: String
    package var steps: [Step] = []
    package var days: [Day] = []
    package var arms: [Arm] = []
    /// Customers with a step that is not decided yet.
    package var customersWaiting = 0

    package init(asOf: Instant?, since: Instant?, ahead: Milliseconds, within: Milliseconds, policy: String) {
        self.asOf = asOf
        self.since = since
        self.ahead = ahead
        self.within = within
        self.policy = policy
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        json.member("since", since)
        json.member("policy", policy)
        json.array("actions", steps) { json, step in
            json.beginObject()
            json.member("action", step.action)
            json.member("step", step.step)
            json.member("channel", step.channel)
            json.member("purpose", step.purpose)
            json.member("due", step.due)
            Self.write(step.cancelled, "cancelled", to: &json)
            Self.write(step.suppressed, "suppressed", to: &json)
            json.member("pending", step.pending)
            json.endObject()
        }
        json.member("customers_waiting", customersWaiting)
        json.member("ahead_days", Int(ahead.count / Milliseconds.days(1).count))
        json.array("coming", days) { json, day in
            json.beginObject()
            json.member("date", String(day.date.midnight.rfc3339.prefix(10)))
            json.member("action", day.action)
            json.member("step", day.step)
            json.member("count", day.count)
            json.endObject()
        }
        json.member("within_days", Int(within.count / Milliseconds.days(1).count))
        json.array("experiments", arms) { json, arm in
            json.beginObject()
            json.member("experiment", arm.experiment)
            json.member("variant", arm.variant)
            json.member("customers", arm.customers)
            json.member("ordered", arm.ordered)
            json.member("open", arm.open)
            json.endObject()
        }
    }

    private static func write(_ counts: [String: Int], _ name: String, to json: inout JSONWriter) {
        json.object(name) { json in
            for (reason, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(reason, count) }
        }
    }
}
