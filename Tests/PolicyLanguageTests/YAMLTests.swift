import PolicyLanguage
import Testing

@Suite struct `The YAML of a policy` {
    private func first(_ text: String) -> String? {
        PolicyCompiler.compile(text, fileName: "shop.yaml").messages.first
    }

    private let tail = "\nstages: [{a: otherwise}]"

    @Test(arguments: [
        ("policy: &name t", "1:9: error: anchors (&) are not used in policies; write it out, or use define:"),
        ("policy: !!str t", "1:9: error: tags (!) are not used in policies; every value is text"),
        ("policy: *name", "1:9: error: aliases (*) are not used in policies; write it out, or use define:"),
        ("policy: t\npolicy: u", "2:1: error: \"policy\" is already given on line 1"),
        ("policy: t\nassume: {margin: 1 %, margin: 2 %}", "2:23: error: \"margin\" is already given on line 2"),
        (
            "policy: t\nassume: {<<: {}}",
            "2:10: error: merge keys (<<) are not used in policies; write it out, or use define:"
        ),
        ("policy: |\n  t", "1:9: error: blocks of text (| and >) are not used in policies; write it on one line"),
        (
            "policy: t\nactions: {a: b,\n  c: d}",
            "2:10: error: [ ] and { } stand on one line; write one item a line with \"- \" or \"key: value\" instead"
        ),
        ("%YAML 1.1\n---\npolicy: t", "1:1: error: directives (%) are not used in policies"),
    ])
    func `refuses what the subset leaves out`(text: String, expected: String) {
        #expect(first(text + tail) == "shop.yaml:" + expected)
    }

    @Test(arguments: [
        (
            "policy: t\nstages:\n\t- a: otherwise\n",
            "3:1: error: not YAML: found character '\\t' that cannot start any token"
        ),
        ("policy: t\n  stages: x", "2:9: error: not YAML: mapping values are not allowed in this context"),
        ("policy: \"t", "1:11: error: not YAML: found unexpected end of stream"),
        ("policy: t\nab: \u{1}", "2:5: error: not YAML: control characters are not allowed"),
        ("policy: t\n---\npolicy: u", "2:1: error: one policy a file; a second document begins here"),
        ("? [a]\n: b", "1:3: error: a key must be text"),
        ("", "1:1: error: the file is empty; a policy begins with \"policy: \" and its name"),
        ("# nothing", "1:1: error: the file is empty; a policy begins with \"policy: \" and its name"),
        ("just text", "1:1: error: expected a policy as \"key: value\" lines"),
        ("- policy", "1:1: error: expected a policy as \"key: value\" lines"),
    ])
    func `is refused with its place where it is no YAML`(text: String, expected: String) {
        #expect(first(text) == "shop.yaml:" + expected)
    }

    @Test func `that is not UTF-8 is refused with its place`() {
        let text = Array("policy: t\nabout: ".utf8) + [0xFF, 0x0A]
        let compiled = PolicyCompiler.compile(text)
        #expect(compiled.messages == ["policy.yaml:2:8: error: not YAML: invalid leading UTF-8 octet"])
    }

    @Test func `has at most 64 KiB`() {
        let text = "policy: t\nstages: [{a: otherwise}]\n"
        let full = text + String(repeating: "#", count: 65_536 - text.utf8.count)
        #expect(PolicyCompiler.compile(full).policy != nil)
        #expect(first(full + "#") == "shop.yaml:1:1: error: a policy has at most 64 KiB; this file has more")
    }

    @Test func `nests at most 24 deep`() {
        let text = "policy: t\nactions: " + String(repeating: "[", count: 3_000) + String(repeating: "]", count: 3_000)
        #expect(first(text) == "shop.yaml:2:34: error: more than 24 levels of YAML")
    }

    @Test func `may begin with a byte order mark and end its lines as Windows does`() {
        let text = "policy: t\r\nstages:\r\n  - a: oders = 1\r\n  - b: otherwise\r\n"
        #expect(first(text) == "shop.yaml:3:8: error: unknown word \"oders\"; did you mean \"orders\"?")
        let marked = [0xEF, 0xBB, 0xBF] + Array("polcy: t\nstages: [{a: otherwise}]".utf8)
        #expect(
            PolicyCompiler.compile(marked).messages.last
                == "policy.yaml:1:1: error: unknown key \"polcy\"; did you mean \"policy\"?")
    }

    /// The arguments give the place of `oders`, however the line is quoted, escaped or folded.
    @Test(arguments: [
        ("identified and oders = 1", "3:26"),
        ("'identified and oders = 1'", "3:27"),
        ("\"identified and oders = 1\"", "3:27"),
        ("'bought has \"a''b\" and oders = 1'", "3:34"),
        ("\"bought has \\\"a\\\" and oders = 1\"", "3:33"),
        ("\"bought has \\\"\\x61\\u00e9\\U0001f600\\\" and oders = 1\"", "3:52"),
        ("identified\n      and\n      oders = 1", "5:7"),
        ("'identified  \n\n      and oders = 1'", "5:11"),
        ("\"identified \\\n      and oders = 1\"", "4:11"),
        ("bought has \"é😀\" and oders = 1", "3:31"),
    ])
    func `gives the place of a word inside quotes, escapes and folds`(condition: String, expected: String) {
        #expect(Shop.compile(condition).messages.first?.hasPrefix("shop.yaml:\(expected): error: unknown word") == true)
    }
}
