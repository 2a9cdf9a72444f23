/// A table of texts and numbers, which scrolls where it is wider than the page.
struct PlainTable {
    struct Column {
        enum Kind {
            case words, number
        }

        let title: String
        let kind: Kind

        init(_ title: String, _ kind: Kind) {
            self.title = title
            self.kind = kind
        }

        fileprivate var attributes: [HTMLWriter.Attribute] {
            kind == .words ? [HTMLWriter.Attribute("class", "words")] : []
        }
    }

    let caption: String
    let columns: [Column]
    let rows: [[String]]

    func write(into html: inout HTMLWriter) {
        html.element("div", [.init("class", "scroll"), .init("tabindex", "0")]) { html in
            html.element("table") { html in
                html.element("caption", caption)
                html.element("thead") { html in
                    html.element("tr") { html in
                        for column in columns {
                            html.element("th", [.init("scope", "col")] + column.attributes, column.title)
                        }
                    }
                }
                html.element("tbody") { html in
                    for row in rows {
                        html.element("tr") { html in
                            for (column, text) in zip(columns, row) { html.element("td", column.attributes, text) }
                        }
                    }
                }
            }
        }
    }
}
