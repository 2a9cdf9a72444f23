import MappingLanguage
import PolicyLanguage
import Testing
import Wire

/// Every message about a mapping with the exact place it points to. The line under test begins at 7:5.
@Suite struct `A mapping's message` {
    private func problems(_ line: String) -> [String] {
        let text = """
            mapping: shop
            events:
              - event: Order Completed
                customer: who
                time: at
                order_id: id
                \(line)

            """
        let compiled = CompiledMapping(Array(text.utf8), fileName: "m.yaml")
        #expect((compiled.mapping == nil) == !compiled.errors.isEmpty)
        return compiled.problems.map { $0.rendered(fileName: compiled.fileName) }
    }

    @Test(arguments: [
        ("revenu: total", "7:5: error: unknown key \"revenu\"; did you mean \"revenue\"?"),
        ("email: x", "7:5: error: \"email\" goes only with \"event: identify\""),
        ("revenue: a..b", "7:16: error: expected a name in a path"),
        ("revenue: a[x]", "7:15: error: expected [] or the number of an element, from [0] to [9999] in a path"),
        ("revenue: a[1", "7:15: error: a bracket is never closed in a path"),
        ("coupon: a[].b", "7:13: error: [] adds up amounts; name one element, as in [0], or use \"each:\""),
        ("revenue: item.x", "7:14: error: \"item\" is an item of the list that \"each:\" names; there is none here"),
        ("revenue: record time", "7:14: error: \"record time\" stands only for \"time:\""),
        ("revenue: {field: a, as: cents}", "7:29: error: unknown way to write an amount \"cents\""),
        (
            "revenue: {field: a, as: minor units}",
            "7:29: error: minor units are those of a currency: say \"currency:\" too"
        ),
        ("revenue: {field: a, as: base64}", "7:29: error: say \"scale:\" too: how many of the digits are decimals"),
        ("revenue: {field: a, scale: 2}", "7:32: error: \"scale:\" goes only with \"as: base64\""),
        ("revenue: {field: a, decimal mark: x}", "7:39: error: expected \",\" or \".\", in quotes"),
        ("revenue: {as: base64}", "7:14: error: \"field:\" is missing: where does the value stand? (or \"constant:\")"),
        ("revenue: {feld: a}", "7:15: error: unknown key \"feld\"; did you mean \"field\"?"),
        ("currency: {constant: euro}", "7:26: error: \"euro\" is not an ISO 4217 code such as EUR"),
        ("coupon: {field: a, zone: UTC}", "7:30: error: \"zone:\" goes only with a time"),
        ("coupon: {field: a, otherwise: x}", "7:35: error: \"otherwise:\" goes only with \"words:\""),
        (
            "valid_until: {field: a, as: second}",
            "7:33: error: unknown way to write a time \"second\"; did you mean \"seconds\"?; "
                + "expected seconds, milliseconds, microseconds, nanoseconds, days, or a form of YYYY, MM, DD, HH, mm, ss"
        ),
        (
            "valid_until: {field: a, as: DD.MM.YYYY}",
            "7:33: error: say \"zone:\" too, such as Europe/Paris or UTC: this form names none"
        ),
        (
            "valid_until: {field: a, zone: Europe/Pari}",
            "7:35: error: unknown time zone \"Europe/Pari\"; did you mean \"Europe/Paris\"?"
        ),
        ("when: [a]", "7:11: error: expected what must hold, as \"field: word\" as \"key: value\" lines"),
        ("when: {a: {b: c}}", "7:15: error: expected a word, a list of words, present or absent"),
        ("products: {price: item.x}", "7:15: error: \"each:\" is missing: the path of the list of products"),
        ("time: b", "7:5: error: \"time\" is already given on line 5"),
    ])
    func `says what a line was expected to be`(line: String, message: String) {
        #expect(problems(line).contains("m.yaml:" + message), "\(problems(line))")
    }

    @Test func `names several errors of a document at once, in the order of their places`() {
        let text = """
            maping: shop
            events:
              - event: Order Complete
                time: at
              - customer: a
              - event: Order Refunded
                visitor: b
                time: c
            """
        let compiled = CompiledMapping(Array(text.utf8), fileName: "m.yaml")
        #expect(
            compiled.problems.map { $0.rendered(fileName: "m.yaml") } == [
                "m.yaml:1:1: error: \"mapping:\" is missing",
                "m.yaml:1:1: error: unknown key \"maping\"; did you mean \"mapping\"?",
                "m.yaml:3:5: error: \"customer:\" is missing: whose event is it? (\"visitor:\" of one who is not known)",
                "m.yaml:3:12: error: unknown event \"order complete\"; did you mean \"order completed\"?",
                "m.yaml:5:5: error: \"event:\" is missing: which event is it?",
                "m.yaml:6:12: error: \"order_id:\" is missing: without it this event says nothing",
            ])
    }

    @Test(arguments: BuiltInMapping.allCases)
    func `is not needed for one that is built in`(mapping: BuiltInMapping) {
        let compiled = mapping.compiled
        #expect(compiled.problems.isEmpty, "\(compiled.problems.map { $0.rendered(fileName: compiled.fileName) })")
        #expect(compiled.mapping?.name == mapping.rawValue)
        #expect(!compiled.about.isEmpty)
    }

    @Test func `comes of any bytes, and none of them traps`() {
        let text = Array(BuiltInMapping.shopifyWebhooks.text.utf8)
        for start in stride(from: 0, to: text.count, by: 7) {
            for byte in [UInt8(ascii: "["), 0x0A, UInt8(ascii: "{"), 0xFF, UInt8(ascii: ":")] {
                var broken = text
                broken[start] = byte
                let compiled = CompiledMapping(broken, fileName: "m.yaml")
                #expect(compiled.mapping != nil || !compiled.errors.isEmpty)
            }
        }
        #expect(!CompiledMapping([], fileName: "m.yaml").errors.isEmpty)
        #expect(!CompiledMapping([UInt8](repeating: 0x20, count: 70_000), fileName: "m.yaml").errors.isEmpty)
    }
}
