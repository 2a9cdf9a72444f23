import CustomerLifecycle
import HTTP
import Processor
import Service
import Wire

/// What all pages have: the way to the others, and up to when they know the shop.
struct PageFrame {
    /// A page that the head of each names.
    enum Place: String, CaseIterable {
        case overview = "Overview"
        case movements = "Movements"
        case customers = "Customers"
        case actions = "Actions"
        case rules = "Rules"
        case health = "Health"

        var link: Link {
            switch self {
            case .overview: Link("")
            case .movements: Link("movements")
            case .customers: Link("customers")
            case .actions: Link("actions")
            case .rules: Link("rules")
            case .health: Link("health")
            }
        }
    }

    /// The page's question.
    let title: String
    /// Nil on a page that the head does not name.
    let place: Place?
    let following: Following
    /// Up to when what the page says is known; nil: as the log stands.
    var knownUpTo: Instant?

    func page(_ body: (inout HTMLWriter) -> Void) -> String {
        var html = HTMLWriter()
        html.element("html", [.init("lang", "en")]) { html in
            html.element("head") { html in
                html.begin("meta", [.init("charset", "utf-8")])
                html.begin(
                    "meta", [.init("name", "viewport"), .init("content", "width=device-width,initial-scale=1")])
                html.element("title", "\(title) · lifecycle")
                html.begin("link", [.init("rel", "stylesheet"), .init("href", Stylesheet.path)])
                html.element("script", [.init("src", Script.path), .init("defer", "")], "")
                html.begin("link", [.init("rel", "icon"), .init("href", Stylesheet.iconPath)])
            }
            html.element("body") { html in
                html.element("a", [.init("class", "skip"), .init("href", "#main")], "Skip to the content")
                html.element("header") { head(&$0) }
                html.element("main", [.init("id", "main")]) { html in
                    html.element("h1", title)
                    body(&html)
                }
                html.element("footer") { $0.element("p", foot) }
            }
        }
        return "<!DOCTYPE html>\n\(html.text)\n"
    }

    func response(_ body: (inout HTMLWriter) -> Void) -> Response {
        Response(.ok, page(body), type: "text/html; charset=utf-8")
    }

    private func head(_ html: inout HTMLWriter) {
        html.element("nav", [.init("aria-label", "Pages")]) { html in
            for place in Place.allCases {
                let isHere = place == self.place
                html.element(
                    "a",
                    [.init("href", place.link)] + (isHere ? [.init("aria-current", "page")] : []), place.rawValue)
                html.write(" ")
            }
        }
    }

    private var foot: String {
        var parts: [String] = []
        if let moment = following.moment {
            if let instant = knownUpTo ?? moment.instant { parts.append("Known up to \(DayText.minute(instant))") }
            let policy = moment.policy.reference
            parts.append("rules “\(policy.name)”, version \(policy.version)")
        }
        if let trouble = following.trouble { parts.append("the log is not followed: \(trouble)") }
        return (parts + ["all times UTC"]).joined(separator: " · ")
    }
}

extension String {
    /// The name of a stage, segment or reason, as people write it: `at_risk` is `At risk`.
    var asTitle: String {
        let words = replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
