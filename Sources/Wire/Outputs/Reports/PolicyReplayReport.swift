package import CustomerLifecycle

/// `policy diff --replay`: what the whole history would have been under another policy.
package struct PolicyReplayReport: Report, Equatable {
    package struct Way: Hashable, Sendable {
        package var from: String
        package var to: String

        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// The customers who took a way in a month.
    package struct Flow: Hashable, Comparable, Sendable {
        /// Months since the year 0.
        package var month: Int
        /// Nil: the customer's first stage.
        package var from: String?
        package var to: String

        package init(month: Int, from: String?, to: String) {
            self.month = month
            self.from = from
            self.to = to
        }

        package static func < (a: Self, b: Self) -> Bool {
            (a.month, a.from ?? "", a.to) < (b.month, b.from ?? "", b.to)
        }

        package var monthText: String { PolicyReplayReport.text(month: month) }
    }

    /// `2025-01`
    package static func text(month: Int) -> String {
        "\(month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
    }

    /// The contacts of an action that are released in a month.
    package struct Contact: Hashable, Comparable, Sendable {
        /// Months since the year 0.
        package var month: Int
        package var action: String

        package init(month: Int, action: String) {
            self.month = month
            self.action = action
        }

        package static func < (a: Self, b: Self) -> Bool { (a.month, a.action) < (b.month, b.action) }
    }

    package struct Count: Equatable, Sendable {
        package var old = 0
        package var new = 0

        package init() {}

        package subscript(isOld isOld: Bool) -> Int {
            get { isOld ? old : new }
            set { if isOld { old = newValue } else { new = newValue } }
        }
    }

    /// Up to when the history goes.
    package var asOf: Instant?
    package var old: PolicyDiffReport.Side
    package var new: PolicyDiffReport.Side
    package var eventCount = 0
    package var customers = 0
    package var stages: [PolicyDiffReport.Pair] = []
    /// From the stage under the old policy to the one under the new, where they differ; the largest first.
    package var ways: [(key: Way, value: Int)] = []
    /// In the order of the months.
    package var flows: [(key: Flow, value: Count)] = []
    /// Of the new policy, in its order, then those that only the old one has.
    package var actions: [String] = []
    /// As if all of the history had been live; in the order of the months.
    package var contacts: [(key: Contact, value: Count)] = []
    /// Events that stand in the log behind newer ones of their customer, which contacts take for late.
    package var lateEvents = 0

    package init(asOf: Instant?, old: PolicyDiffReport.Side, new: PolicyDiffReport.Side) {
        self.asOf = asOf
        self.old = old
        self.new = new
    }

    package static func == (a: Self, b: Self) -> Bool { a.json == b.json }

    package var movedCount: Int { ways.reduce(0) { $0 + $1.value } }
    package var differs: Bool {
        movedCount > 0 || flows.contains { $0.value.old != $0.value.new }
            || contacts.contains { $0.value.old != $0.value.new }
    }

    /// Over the whole history, in the order of `actions`.
    package var contactsByAction: [(action: String, count: Count)] {
        actions.map { action in
            var total = Count()
            for contact in contacts where contact.key.action == action {
                total.old += contact.value.old
                total.new += contact.value.new
            }
            return (action, total)
        }.filter { $0.count.old + $0.count.new > 0 }
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        PolicyDiffReport.write(old, new, to: &json)
        json.member("differs", differs)
        json.member("events", eventCount)
        json.member("customers", customers)
        json.member("moved", movedCount)
        PolicyDiffReport.write(stages, named: "stages", to: &json)
        json.array("moves", ways) { json, way in
            json.beginObject()
            json.member("from", way.key.from)
            json.member("to", way.key.to)
            json.member("count", way.value)
            json.endObject()
        }
        json.array("flows", flows) { json, flow in
            json.beginObject()
            json.member("month", flow.key.monthText)
            json.member("from", flow.key.from)
            json.member("to", flow.key.to)
            json.member("old", flow.value.old)
            json.member("new", flow.value.new)
            json.endObject()
        }
        json.array("contacts", contacts) { json, contact in
            json.beginObject()
            json.member("month", Self.text(month: contact.key.month))
            json.member("action", contact.key.action)
            json.member("old", contact.value.old)
            json.member("new", contact.value.new)
            json.endObject()
        }
        json.member("late_events", lateEvents)
    }
}
