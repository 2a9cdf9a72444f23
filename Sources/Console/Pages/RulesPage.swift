import CommandLine
import PolicyLanguage
import Processor
import Service
import Wire

/// The policy in force in words, with how many customers each stage holds.
struct RulesPage {
    let policy: PolicyInForce
    let report: StagesReport
    let hasProposal: Bool

    func write(into html: inout HTMLWriter) {
        guard let words = PolicyWords(policy.compiled) else {
            html.element("p", "The policy in force cannot be put into words.")
            return
        }
        html.element("p", [.init("class", "lead")], words.about.isEmpty ? words.name : "\(words.name): \(words.about)")
        if hasProposal {
            html.element("p") {
                $0.link(to: Link("rules", "diff").description, "What would the proposed rules change?")
            }
        }
        list(words.settings, into: &html)
        lines("Stages", "The first line that is true of a customer decides.", words.stages, into: &html) { line, html in
            let count = report.stages.first { $0.name == line.name }?.count ?? 0
            html.link(to: Link("customers").with("stage", line.name).description, Grouped(count))
        }
        if !words.segments.isEmpty {
            lines("Segments", "A customer is in each whose line is true.", words.segments, into: &html) { line, html in
                let count = report.segments.first { $0.name == line.name }?.count ?? 0
                html.link(to: Link("customers").with("segment", line.name).description, Grouped(count))
            }
        }
        if !words.contactRules.isEmpty {
            html.element("h2", "Contacts")
            list(words.contactRules, into: &html)
        }
        if !words.actions.isEmpty { html.element("h2", "Actions") }
        for action in words.actions {
            html.element("p") { html in
                html.element("b", action.name.asTitle)
                html.write(" (line \(action.line)): \(action.sentence)")
            }
            list(action.steps, into: &html)
        }
        if !words.experiments.isEmpty {
            html.element("h2", "Experiments")
            list(words.experiments, into: &html)
        }
    }

    private func lines(
        _ title: String, _ rule: String, _ lines: [PolicyWords.Line], into html: inout HTMLWriter,
        count: (PolicyWords.Line, inout HTMLWriter) -> Void
    ) {
        html.element("h2", title)
        html.element("p", [.init("class", "soft")], rule)
        html.element("table") { html in
            html.element("thead") { html in
                html.element("tr") { html in
                    html.element("th", [.init("scope", "col")], "Name")
                    html.element("th", [.init("scope", "col"), .init("class", "words")], "Who")
                    html.element("th", [.init("scope", "col")], "Customers now")
                }
            }
            html.element("tbody") { html in
                for line in lines {
                    html.element("tr") { html in
                        html.element("th", [.init("scope", "row")], line.name.asTitle)
                        html.element("td", [.init("class", "words")], "\(line.sentence) (line \(line.line))")
                        html.element("td") { count(line, &$0) }
                    }
                }
            }
        }
    }

    private func list(_ texts: [String], into html: inout HTMLWriter) {
        guard !texts.isEmpty else { return }
        html.element("ul") { html in for text in texts { html.element("li", text) } }
    }
}
