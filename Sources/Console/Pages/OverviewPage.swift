import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Wire

/// Where the customers are: by stage, by each of the policy's other vocabularies, by segment.
struct OverviewPage {
    let report: StagesReport
    let phases: [PhaseVocabulary]
    /// What was asked for; nil of now.
    let asOf: Instant?
    /// What has happened lately, the newest first; nil where that is not shown.
    let newest: [LiveChanges.Told]?

    func write(into html: inout HTMLWriter) {
        html.element("p", [.init("class", "lead")], lead)
        AsOfForm(action: Link(""), asOf: asOf).write(into: &html)
        guard report.stages.contains(where: { $0.count > 0 }) else {
            html.element("p", "Nobody is known yet: an import or the shop's events fill this page.")
            return
        }
        table(
            "Customers by stage", "Stage",
            report.stages.reversed().map { stage in
                Row(
                    name: stage.name.asTitle, link: customers.with("stage", stage.name), known: stage.knownCount,
                    visitors: stage.visitorCount)
            }, into: &html)
        for vocabulary in phases { write(vocabulary, into: &html) }
        writeSegments(into: &html)
        if let newest { write(newest, into: &html) }
        for note in report.notes { html.element("p", [.init("class", "soft")], "Note: \(note)") }
    }

    private func write(_ newest: [LiveChanges.Told], into html: inout HTMLWriter) {
        html.element("section", [.init("id", "live"), .init("aria-labelledby", "live-title")]) { html in
            html.element("h2", [.init("id", "live-title")], "Happening now")
            html.element("button", [.init("type", "button"), .init("hidden", "")], "Pause")
            if newest.isEmpty {
                html.element("p", [.init("class", "soft empty")], "Nothing has changed since the console began.")
            }
            html.element("ol", [.init("class", "story"), .init("aria-live", "off")]) { html in
                for change in newest {
                    html.element("li", [.init("class", "change")]) { html in
                        html.element(
                            "time", [.init("datetime", change.at.rfc3339)], change.at.rfc3339.dropFirst(11).prefix(5))
                        html.link(to: Link("customers", change.customer).description, change.customer)
                        html.write(": \(change.text)")
                    }
                }
            }
        }
    }

    private struct Row {
        let name: String
        let link: Link
        let known: Int
        let visitors: Int
    }

    private var customers: Link { Link("customers").with("at", asOf.map(InstantText.write)) }

    private var lead: String {
        let largest = report.stages.max { $0.knownCount < $1.knownCount }
        let most = largest.map { " Most of them are \($0.name.asTitle.lowercased())." } ?? ""
        return "\(report.headcount).\(report.stages.contains { $0.knownCount > 0 } ? most : "")"
    }

    private func write(_ vocabulary: PhaseVocabulary, into html: inout HTMLWriter) {
        let rows = vocabulary.phases.map { phase in
            let stages = vocabulary.stages(in: phase)
            let counted = report.stages.filter { stages.contains($0.name) }
            return Row(
                name: phase.asTitle, link: customers.with("phase", "\(vocabulary.name):\(phase)"),
                known: counted.reduce(0) { $0 + $1.knownCount }, visitors: counted.reduce(0) { $0 + $1.visitorCount })
        }
        let name = vocabulary.name.replacing("_", with: " ")
        html.element("h2", "Phases: \(name)")
        table("Customers by phase, as \(name) names them", "Phase", rows, into: &html)
    }

    private func table(_ caption: String, _ title: String, _ rows: [Row], into html: inout HTMLWriter) {
        let largest = rows.map { $0.known + $0.visitors }.max() ?? 0
        html.element("table") { html in
            html.element("caption", caption)
            html.element("thead") { html in
                html.element("tr") { html in
                    html.element("th", [.init("scope", "col")], title)
                    html.element("th", [.init("scope", "col")], "Customers")
                    if report.hasVisitors { html.element("th", [.init("scope", "col")], "Visitors") }
                    html.element("th", [.init("scope", "col"), .init("class", "bar")], "Share")
                }
            }
            html.element("tbody") { html in
                for row in rows {
                    html.element("tr") { html in
                        html.element("th", [.init("scope", "row")]) { $0.link(to: row.link.description, row.name) }
                        html.element("td", Grouped(row.known))
                        if report.hasVisitors { html.element("td", Grouped(row.visitors)) }
                        html.element("td", [.init("class", "bar")]) { html in
                            Bar(count: row.known + row.visitors, largest: largest, name: row.name).write(into: &html)
                        }
                    }
                }
            }
        }
    }

    private func writeSegments(into html: inout HTMLWriter) {
        guard !report.segments.isEmpty else { return }
        html.element("h2", "Segments")
        html.element("div", [.init("class", "scroll"), .init("tabindex", "0")]) { html in
            html.element("table") { html in
                html.element("caption", "Customers in each segment; how often it was entered, and left")
                html.element("thead") { html in
                    html.element("tr") { html in
                        for title in ["Segment", "Customers", "Entered", "Left"] {
                            html.element("th", [.init("scope", "col")], title)
                        }
                    }
                }
                html.element("tbody") { html in
                    for segment in report.segments {
                        html.element("tr") { html in
                            html.element("th", [.init("scope", "row")]) { html in
                                html.link(
                                    to: customers.with("segment", segment.name).description, segment.name.asTitle)
                            }
                            for count in [segment.count, segment.enteredCount, segment.leftCount] {
                                html.element("td", Grouped(count))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A length beside the number that it shows.
struct Bar {
    let count: Int
    let largest: Int
    let name: String

    func write(into html: inout HTMLWriter) {
        let width = largest > 0 ? max(count > 0 ? 1 : 0, count * 200 / largest) : 0
        html.element(
            "svg",
            [
                .init("viewBox", "0 0 200 10"), .init("preserveAspectRatio", "none"), .init("role", "img"),
                .init("class", "bar"),
            ]
        ) { html in
            html.element("title", "\(name): \(Grouped(count))")
            html.element("rect", [.init("width", width), .init("height", 10)], "")
        }
    }
}

/// Asks for another day.
struct AsOfForm {
    let action: Link
    let asOf: Instant?

    func write(into html: inout HTMLWriter) {
        html.element("form", [.init("action", action), .init("method", "get")]) { html in
            html.element("label") { html in
                html.write("As of the end of (UTC)")
                html.begin(
                    "input",
                    [
                        .init("type", "date"), .init("name", "at"),
                        .init("value", asOf.map(InstantText.writeDate) ?? ""),
                    ])
            }
            html.element("button", "Show")
            if asOf != nil { html.link(to: action.description, "Now") }
        }
    }
}
