package import CommandLine
import CustomerLifecycle
import PolicyLanguage
package import Wire

extension ExplainReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let next = forecast.map { "\($0.nextStage) on \(Self.minute($0.at)), if nothing happens" }
        return [
            "\(Printable(customer)) is \(style(.strong, stage)) since \(Self.minute(since)) UTC",
            "  as of   \(Self.minute(asOf))", "  rule    \(ruleLine.map { "line \($0): " } ?? "")\(Printable(rule))",
        ] + reasons + ["  next    \(next ?? "stays, if nothing happens")"]
            + segmentLines + pendingLines + unmatchedCredits.lines.map { "  but     \(Printable($0))" } + unvalued
            + unsure + truncated
            + deletion
            + [""]
            + timelineLines(columnCount: columnCount, style: style)
    }

    private var segmentLines: [String] {
        segments.map { segment in
            let reasons = segment.phrases.isEmpty ? "" : ": " + segment.phrases.joined(separator: "; ")
            return "  in      \(segment.name) since \(Self.minute(segment.since))\(Printable(reasons))"
        }
    }

    private var pendingLines: [String] {
        pending.map { step in
            let held = step.held.map { ", held by \($0.replacing("_", with: " "))" } ?? ""
            let planned = step.nextAt == step.plannedAt ? "" : ", planned for \(Self.minute(step.plannedAt))"
            return Printable("  to do   \(step.key) on \(Self.minute(step.nextAt))\(planned)\(held)").description
        }
    }

    private var unvalued: [String] {
        guard unvaluedOrders > 0, let revenue else { return [] }
        let known = PolicyText.revenue(revenue.minorUnits, revenue.currency, revenueBound)
        return [
            "  but     the value of \(Counted(unvaluedOrders, "order")) in \(revenue.currency.letters) is not known: "
                + "revenue is \(revenueBound == .unknown ? "not known" : known)"
        ]
    }

    private var deletion: [String] {
        guard let deletionRequestedAt else { return [] }
        let due = deletionRequest?.due.map { ", due by \(Self.minute($0))" } ?? ""
        let isOne = deletionRequestCount <= 1
        let more = isOne ? "" : ", the first of \(Grouped(deletionRequestCount)) requests below"
        return [
            "  but     asked on \(Self.minute(deletionRequestedAt)) to be forgotten\(due)\(more): "
                + "\(isOne ? "the request waits" : "they wait"), this version does not erase anybody"
        ]
    }

    private var unsure: [String] {
        guard unsureRefunds > 0, let revenue else { return [] }
        let known = PolicyText.revenue(revenue.minorUnits, revenue.currency, revenueBound)
        return [
            "  but     how much was refunded of \(Counted(unsureRefunds, "order")) is not known, or is in another "
                + "currency: revenue is \(known)"
        ]
    }

    private var truncated: [String] {
        guard isTruncated else { return [] }
        return [
            "  but     more is known of them than is kept (the newest \(Facts.entryCountMax) of orders, of consents, "
                + "of complaints, of reviews and of costs): what is older does not count, and numbers are at least "
                + "what is shown"
        ]
    }

    private var reasons: [String] {
        var lines = findings.enumerated().map { index, finding in
            "  \(index == 0 ? "because" : "and    ") \(Printable(finding.phrase))"
        }
        if evidence.count > 0 {
            let shown = evidence.elements.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
            let more = evidence.count - evidence.elements.count
            lines.append("  seen in \(Printable(shown))\(more > 0 ? " and \(more) more" : "")")
        }
        return lines
    }

    /// Each entry beside its minute, with changes marked. Equal events in a row share one line with their count.
    private func timelineLines(columnCount: Int, style: Style) -> [String] {
        let indent = 2 + 16 + 3
        var lines: [String] = []
        var rest = timeline[...]
        while let entry = rest.first {
            let same = rest.prefix { $0.kind == .event && $0.text == entry.text }
            rest = rest.dropFirst(max(same.count, 1))
            var text = Printable(entry.text).description
            if same.count > 1, let last = same.last { text += ", \(same.count) times until \(Self.minute(last.at))" }
            let wrapped = Wrapped(text, columnCount: columnCount - indent).lines
            let mark = entry.kind == .change ? style(.strong, "▸") : " "
            lines.append("  \(style(.faint, Self.minute(entry.at))) \(mark) \(wrapped.first ?? "")")
            lines += wrapped.dropFirst().map { String(repeating: " ", count: indent) + $0 }
        }
        return lines
    }

    /// `2025-01-31 09:05`, UTC.
    private static func minute(_ instant: Instant) -> String {
        String(InstantText.write(instant).prefix(16)).replacing("T", with: " ")
    }
}
