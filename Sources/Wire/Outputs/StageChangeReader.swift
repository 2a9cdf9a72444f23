/// Reads published stage changes back: what a subscriber sees of them, member by member.
package struct StageChangeReader: ~Copyable {
    /// The members it knows, by their paths in the value.
    package enum Member: Int, CaseIterable, Sendable {
        case customer, previousStage, stage, previousEnteredAt, enteredAt, entryCount, cycle, rule, trigger, corrects
        case lateBySeconds, orders, revenue, policyVersion

        var path: String {
            switch self {
            case .customer: "customer_id"
            case .previousStage: "previous_stage"
            case .stage: "stage"
            case .previousEnteredAt: "previous_entered_at"
            case .enteredAt: "entered_at"
            case .entryCount: "entry_count"
            case .cycle: "cycle"
            case .rule: "reason.rule"
            case .trigger: "reason.trigger"
            case .corrects: "corrects"
            case .lateBySeconds: "late_by_seconds"
            case .orders: "orders"
            case .revenue: "revenue.amount"
            case .policyVersion: "policy.version"
            }
        }
    }

    private var selector = FieldSelector(Member.allCases.map(\.path))
    private var value: [UInt8] = []
    private var count = 0

    package init() {}

    /// False where `value` is no JSON object.
    package mutating func read(_ value: UnsafeRawBufferPointer) -> Bool {
        self.value.removeAll(keepingCapacity: true)
        self.value.append(contentsOf: value)
        count = value.count
        // simdjson looks that far beyond the end.
        self.value.append(contentsOf: repeatElement(0, count: 64))
        return self.value.withUnsafeBytes { bytes in
            do throws(FieldSelector.Failure) {
                try selector.run(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                return true
            } catch {
                return false
            }
        }
    }

    /// A text without its quotes, escapes as they stand, or a number as it is written; nil for null and for nothing.
    package func text(_ member: Member) -> String? {
        let found = selector.value(member.rawValue)
        switch found.valueKind {
        case .absent, .null: return nil
        case .no, .yes, .number, .text, .array, .object: break
        }
        return value.withUnsafeBytes { bytes in
            let raw = found.bytes(in: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return String(decoding: raw, as: UTF8.self).trimmingQuotes
        }
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }
}
