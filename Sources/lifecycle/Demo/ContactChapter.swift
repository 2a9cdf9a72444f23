import CommandLine
import CustomerLifecycle
import Processor
import Service
import Wire

/// The last chapter of the demo's story: what was sent to some customers, what was held back, and why.
struct ContactChapter {
    private struct Contact {
        let at: Instant
        let action: PublishedAction
    }

    private static let customerCount = 2
    private static let lineCountMax = 10

    private let told: [(customer: String, name: String, contacts: [Contact])]
    private let dueCount: Int
    private let reasons: [String: Int]

    init(of shop: DemoShop) throws(ProcessorError) {
        var contacts: [String: [Contact]] = [:]
        var dueCount = 0
        var reasons: [String: Int] = [:]
        try shop.changeFeed().lendNew { output in
            guard case .action(let action) = output.content else { return }
            contacts[output.head.customer, default: []].append(Contact(at: output.head.time, action: action))
            if let why = action.why { reasons[why, default: 0] += 1 } else { dueCount += 1 }
        }
        self.dueCount = dueCount
        self.reasons = reasons
        // Who has most to tell: many reasons, and not too much to read.
        let candidates = contacts.filter { (4...Self.lineCountMax).contains($0.value.count) }.map {
            customer, contacts in
            (customer, contacts, Set(contacts.map { $0.action.why ?? "due" }).count)
        }.sorted { ($1.2, $1.1.count, $0.0) < ($0.2, $0.1.count, $1.0) }
        var told: [(customer: String, name: String, contacts: [Contact])] = []
        for (customer, contacts, _) in candidates where told.count < Self.customerCount {
            guard let name = shop.firstName(of: customer) else { continue }
            told.append((customer, name, contacts))
        }
        self.told = told
    }

    func printed(columnCount: Int, style: Style) -> [String] {
        let why = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\(Grouped($1)) for \($0)" }.joined(separator: ", ")
        let summary =
            "\(Grouped(dueCount)) messages and tasks fell due. \(Grouped(reasons.values.reduce(0, +))) were called off "
            + "or not sent\(why.isEmpty ? "" : ": \(why)"). Each is said once, with its reason."
        var lines = Wrapped(summary, columnCount: columnCount).lines
        for (customer, name, contacts) in told {
            lines += ["", "  \(style(.strong, name))  \(style(.faint, customer))"]
            for contact in contacts { lines += line(contact, columnCount: columnCount, style: style) }
        }
        return lines
    }

    private func line(_ contact: Contact, columnCount: Int, style: Style) -> [String] {
        let action = contact.action
        let by = action.channel.map { " by \($0)" } ?? ""
        let text =
            action.why.map { "\(action.action)/\(action.step) not sent: \(ActionText.why($0))" }
            ?? "\(action.action)/\(action.step)\(by)\(action.variant.map { ", variant \($0)" } ?? "")"
        let indent = 4 + 10 + 2
        let wrapped = Wrapped(text, columnCount: columnCount - indent).lines
        let first = "    \(style(.faint, InstantText.writeDate(contact.at)))  \(wrapped.first ?? "")"
        return [first] + wrapped.dropFirst().map { String(repeating: " ", count: indent) + $0 }
    }
}
