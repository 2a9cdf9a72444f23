import Testing

@testable import Console

@Suite struct `HTML` {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a\" onclick='x", "a&quot; onclick=&#39;x"),
        ("A&B", "A&amp;B"),
        ("tab\u{0}\u{7}\u{85}end", "tab   end"),
        ("abc\u{202E}gpj.exe", "abc gpj.exe"),
    ])
    func `takes any text, as content and as a value, and makes no markup of it`(text: String, escaped: String) {
        var html = HTMLWriter()
        html.element("p", [.init("title", text)], text)
        #expect(html.text == "<p title=\"\(escaped)\">\(escaped)</p>")
    }

    @Test(arguments: [
        (Link("customers", "u:a/b c").description, "/customers/u%3Aa%2Fb%20c"),
        (Link("customers", "../x").description, "/customers/..%2Fx"),
        (
            Link("customers").with("stage", "at risk&x=1").with("at", nil).description,
            "/customers?stage=at%20risk%26x%3D1"
        ),
        (Link("").with("at", "2026-06-30").description, "/?at=2026-06-30"),
    ])
    func `leads where it says, whatever a part of the way is`(link: String, written: String) {
        #expect(link == written)
    }
}
