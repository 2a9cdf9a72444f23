import CommandLine
import Processor
import Service
import Wire

/// How following the log goes.
struct HealthPage {
    let following: Following

    func write(into html: inout HTMLWriter) {
        html.element(
            "p", [.init("class", "lead")], following.trouble.map { "No: \($0)" } ?? "Yes: the log is followed.")
        html.element("dl") { html in
            for (name, text) in facts {
                html.element("dt", name)
                html.element("dd", text)
            }
        }
        html.element(
            "p", [.init("class", "soft")],
            "This page is about the console. How the processor is, `lifecycle status` and its metrics say.")
    }

    private var facts: [(String, String)] {
        var facts = [("Folded since the start", Counted(following.foldedCount, "record").description)]
        if let moment = following.moment {
            if let instant = moment.instant { facts.append(("Silence counted up to", DayText.minute(instant))) }
            if let read = moment.readUpTo { facts.append(("Events known up to", DayText.minute(read))) }
            facts.append(("Policy", "\(moment.policy.reference.name), version \(moment.policy.reference.version)"))
        }
        return facts
    }
}
