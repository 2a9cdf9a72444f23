import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Wire

/// A list of customers, and what it may be asked for.
struct CustomersPage {
    let question: CustomersQuestion
    let report: CustomersReport
    let policy: PolicyInForce?

    func write(into html: inout HTMLWriter) {
        html.element("p", [.init("class", "lead")], lead)
        form(into: &html)
        guard !report.rows.isEmpty else { return html.element("p", "Nobody is among them.") }
        html.element("p") { $0.link(to: table.description, "All of them as CSV, for spreadsheets") }
        html.element("div", [.init("class", "scroll"), .init("tabindex", "0")]) { html in
            html.element("table") { html in
                html.element("thead") { html in
                    html.element("tr") { html in
                        for (title, isWords) in columns {
                            html.element(
                                "th", [.init("scope", "col")] + (isWords ? [.init("class", "words")] : []), title)
                        }
                    }
                }
                html.element("tbody") { html in for row in report.rows { write(row, into: &html) } }
            }
        }
    }

    private var table: Link {
        let moved = question.moves.map { "\($0.from ?? "")..\($0.to ?? "")" }
        let since = question.moves.flatMap { $0.since > .distantPast ? InstantText.write($0.since) : nil }
        return Link("customers.csv").with("stage", question.stage).with("phase", question.phase)
            .with("segment", question.segment).with("moved", moved).with("since", since)
            .with("sort", question.order.rawValue).with("descending", question.isDescending ? "true" : nil)
            .with("at", question.asOf.map(InstantText.write))
    }

    private var columns: [(title: String, isWords: Bool)] {
        [("Customer", true), ("Stage", true), ("Since", true), ("Orders", false), ("Revenue", false)]
            + (question.moves == nil
                ? [("Last order", true), ("If nothing happens", true)] : [("Moved", true), ("Because", true)])
    }

    private var lead: String {
        var what = Counted(report.count, "customer").description
        if let stage = question.stage { what += " in stage \(stage.asTitle)" }
        if let phase = question.phase { what += " in phase \(phase)" }
        if let segment = question.segment { what += " in segment \(segment.asTitle)" }
        if let moves = question.moves {
            what += ", who moved"
            if let from = moves.from { what += " from \(from.asTitle)" }
            if let to = moves.to { what += " to \(to.asTitle)" }
            if moves.since > .distantPast { what += " since \(DayText.minute(moves.since))" }
        }
        return report.rows.count < report.count
            ? "\(what); the first \(Grouped(report.rows.count)) of them." : what + "."
    }

    private func write(_ row: CustomerRow, into html: inout HTMLWriter) {
        html.element("tr") { html in
            html.element("th", [.init("scope", "row")]) { html in
                html.link(to: Link("customers", row.customer).description, row.customer)
            }
            html.element("td", [.init("class", "words short")], row.stage.asTitle)
            html.element("td", [.init("class", "words short")], DayText.day(row.enteredAt))
            html.element("td", Grouped(row.orders))
            html.element("td", PolicyText.revenue(row.revenue.minorUnits, row.revenue.currency, row.revenueBound))
            if let move = row.move {
                html.element("td", [.init("class", "words short")], DayText.day(move.at))
                html.element("td", [.init("class", "words")], move.reason)
            } else {
                html.element("td", [.init("class", "words short")], row.lastOrderAt.map(DayText.day) ?? "")
                html.element(
                    "td", [.init("class", "words short")],
                    row.forecast.map { "\($0.nextStage.asTitle) on \(DayText.day($0.at))" } ?? "")
            }
        }
    }

    private func form(into html: inout HTMLWriter) {
        html.element("form", [.init("action", Link("customers")), .init("method", "get")]) { html in
            let stages = policy?.policy.stages.reversed().map { $0 } ?? []
            choice("Stage", "stage", stages, question.stage, any: "any", into: &html)
            let segments = policy?.policy.segments.map(\.name) ?? []
            if !segments.isEmpty {
                choice("Segment", "segment", segments, question.segment, any: "any", into: &html)
            }
            choice(
                "Sorted by", "sort", CustomersQuestion.Order.allCases.map(\.rawValue), question.order.rawValue,
                into: &html)
            html.element("label") { html in
                html.write("Largest or latest first")
                html.begin(
                    "input",
                    [.init("type", "checkbox"), .init("name", "descending"), .init("value", "true")]
                        + (question.isDescending ? [.init("checked", "")] : []))
            }
            html.element("button", "Show")
        }
    }

    private func choice(
        _ title: String, _ name: String, _ values: [String], _ chosen: String?, any: String? = nil,
        into html: inout HTMLWriter
    ) {
        html.element("label") { html in
            html.write(title)
            html.element("select", [.init("name", name)]) { html in
                if let any { html.element("option", [.init("value", "")], any) }
                for value in values {
                    html.element(
                        "option", [.init("value", value)] + (value == chosen ? [.init("selected", "")] : []),
                        value.asTitle)
                }
            }
        }
    }
}
