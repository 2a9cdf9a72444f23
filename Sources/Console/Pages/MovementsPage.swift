import CommandLine
import Processor
import Service
import Wire

/// Who went from which stage to which: a real table, its cells shaded by how many.
struct MovementsPage {
    let report: StagesReport

    func write(into html: inout HTMLWriter) {
        let ways = report.transitions
        let moved = ways.filter { $0.from != nil }
        guard let most = moved.max(by: { $0.count < $1.count }), let from = most.from else {
            html.element("p", [.init("class", "lead")], "Nobody has changed stage yet.")
            return
        }
        html.element(
            "p", [.init("class", "lead")],
            "\(Counted(moved.reduce(0) { $0 + $1.count }, "move")) between stages, of all time. The most: "
                + "\(from.asTitle) → \(most.to.asTitle), \(Grouped(most.count)).")
        let places = places(of: ways)
        html.element("div", [.init("class", "scroll"), .init("tabindex", "0")]) { html in
            html.element("table", [.init("class", "heat")]) { html in
                html.element(
                    "caption", "From the stage of a row to that of a column; each number leads to the customers")
                html.element("thead") { html in
                    html.element("tr") { html in
                        html.element("th", [.init("scope", "col")], "From ↓ to →")
                        for to in places { html.element("th", [.init("scope", "col")], to.asTitle) }
                    }
                }
                html.element("tbody") { html in
                    for from in [nil] + places.map({ Optional($0) }) {
                        row(from, ways, places, largest: most.count, into: &html)
                    }
                }
            }
        }
    }

    /// The policy's stages as customers pass through them, then those that it has not any more.
    private func places(of ways: [StagesReport.Transition]) -> [String] {
        let known = report.stages.reversed().map(\.name)
        let passed = Set(ways.flatMap { [$0.from, $0.to].compactMap { $0 } })
        return known + passed.filter { !known.contains($0) }.sorted()
    }

    private func row(
        _ from: String?, _ ways: [StagesReport.Transition], _ places: [String], largest: Int,
        into html: inout HTMLWriter
    ) {
        html.element("tr") { html in
            html.element("th", [.init("scope", "row")], from?.asTitle ?? "First stage")
            for to in places {
                let count = ways.first { $0.from == from && $0.to == to }?.count ?? 0
                guard count > 0 else {
                    html.element("td", "")
                    continue
                }
                // The first stage of everybody would leave no shade for the others.
                let shade = from == nil ? [] : [HTMLWriter.Attribute("class", "heat-\(1 + 3 * count / largest)")]
                html.element("td", shade) { html in
                    guard let from else { return html.write(Grouped(count)) }
                    html.link(to: Link("customers").with("moved", "\(from)..\(to)").description, Grouped(count))
                }
            }
        }
    }
}
