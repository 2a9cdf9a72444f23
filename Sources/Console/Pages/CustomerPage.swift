import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Wire

/// One customer: where they stand, why, what comes next, and the whole story.
struct CustomerPage {
    let report: ExplainReport
    let isOfNow: Bool

    func write(into html: inout HTMLWriter) {
        html.element("p", [.init("class", "lead")]) { html in
            html.write("\(report.stage.asTitle) since \(DayText.minute(report.since))")
            let phrases = report.findings.map(\.phrase)
            html.write(phrases.isEmpty ? "." : ", because \(phrases.joined(separator: "; ")).")
        }
        AsOfForm(
            action: Link("customers", report.customer), asOf: isOfNow ? nil : report.asOf
        ).write(into: &html)
        html.element("dl") { html in for (name, text) in facts { pair(name, text, into: &html) } }
        html.element("h2", "The story")
        html.element("ol", [.init("class", "story")]) { html in
            for entry in report.timeline.reversed() {
                html.element("li", [.init("class", entry.kind.rawValue)]) { html in
                    html.element("time", [.init("datetime", entry.at.rfc3339)], DayText.minute(entry.at))
                    html.write(entry.text)
                }
            }
        }
    }

    private func pair(_ name: String, _ text: String, into html: inout HTMLWriter) {
        html.element("dt", name)
        html.element("dd", text)
    }

    private var facts: [(String, String)] {
        let rule = report.ruleLine.map { "line \($0) of the rules: \(report.rule)" } ?? report.rule
        let next = report.forecast.map { "\($0.nextStage.asTitle) on \(DayText.minute($0.at))" }
        var facts = [("Rule", rule), ("If nothing happens", next ?? "stays")]
        if !report.evidence.elements.isEmpty {
            let more = report.evidence.count - report.evidence.elements.count
            let seen = report.evidence.elements.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
            facts.append(("Seen in", seen + (more > 0 ? " and \(Grouped(more)) more" : "")))
        }
        for segment in report.segments {
            let why = segment.phrases.isEmpty ? "" : ", because \(segment.phrases.joined(separator: "; "))"
            facts.append(("In segment", "\(segment.name.asTitle) since \(DayText.day(segment.since))\(why)"))
        }
        if let revenue = report.revenue {
            facts.append(
                ("Revenue", PolicyText.revenue(revenue.minorUnits, revenue.currency, report.revenueBound)))
        }
        for step in report.pending {
            let held = step.held.map { ", held by \($0.replacing("_", with: " "))" } ?? ""
            facts.append(("To do", "\(step.key) on \(DayText.minute(step.nextAt))\(held)"))
        }
        if report.isTruncated {
            facts.append(("But", "some of what was known had to go: numbers are at least what is shown"))
        }
        if let asked = report.deletionRequestedAt {
            facts.append(("But", "asked on \(DayText.day(asked)) to be forgotten: nobody is erased yet"))
        }
        return facts
    }
}
