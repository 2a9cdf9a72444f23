import Foundation
import Processor
import RawHTTP
import Service
import Testing
import Wire

@testable import Console

@Suite struct `The console` {
    @Test func `answers programs what the commands print, and follows the log`() throws {
        let shop = try ConsoleShop()
        #expect(try shop.get("/api/v1/stages").body == shop.view.current().stages().json + "\n")
        try shop.order("anna", cents: [1_000, 9_500])
        try shop.order("bert")
        let expected = try shop.view.current().stages().json + "\n"
        let answer = try shop.get("/api/v1/stages") { $0.body == expected }
        #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
        let question = CustomersQuestion(stage: "loyal")
        let customers = try question.answer(from: shop.view) { _, _ in { _ in } }
        #expect(try shop.get("/api/v1/customers?stage=loyal").body == customers.json + "\n")
        let story = try ExplainQuestion(customer: "u:anna").answer(from: shop.view) { _, _ in { _ in } }
        #expect(try shop.get("/api/v1/customers/u%3Aanna").body == story.json + "\n")
    }

    @Test func `tells a client that what it has is still so, and no longer once the log has gone on`() throws {
        let shop = try ConsoleShop()
        try shop.order("anna")
        let first = try shop.get("/api/v1/stages") { $0.body.contains(#""active":1"#) }
        let tag = try #require(first.headers["etag"])
        let again = try shop.get("/api/v1/stages", headers: "If-None-Match: \(tag)\r\n")
        #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag)
        #expect(again.headers["cache-control"] == "private, no-cache")
        try shop.order("bert")
        let next = try shop.get("/api/v1/stages") { $0.body.contains(#""active":2"#) }
        #expect(next.headers["etag"] != tag)
        #expect(try shop.get("/api/v1/stages", headers: "If-None-Match: \(tag)\r\n").status == 200)
    }

    @Test(arguments: [
        ("/api/v1/customers?limit=x", 400, "limit: expected"), ("/api/v1/customers?limit=1001", 400, "at most 1000"),
        ("/api/v1/customers?limit=all", 400, "at most 1000"),
        ("/api/v1/customers?stge=a", 400, "unknown parameter stge"),
        ("/api/v1/customers?stage=none", 400, "unknown stage none"),
        ("/api/v1/customers?stage=a&stage=b", 400, "given twice"),
        ("/api/v1/customers?stage=%22%5C", 400, "unknown stage"),
        ("/api/v1/customers/u%3Anobody", 404, "no customer u:nobody"), ("/api/v1/nothing", 404, "Nothing is here."),
        ("/api/v1/stages?at=yesterday", 400, "at: expected"),
    ])
    func `says what is wrong with a question as problem details`(path: String, status: Int, part: String) throws {
        let answer = try ConsoleShop().get(path)
        #expect(answer.status == status && answer.headers["content-type"] == "application/problem+json")
        let problem = try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
        #expect((problem["detail"] as? String)?.contains(part) == true, "\(answer.body)")
        #expect(problem["status"] as? Int == status)
    }

    @Test func `shows pages, each with its question for a title, a way to the others, and up to when it is`() throws {
        let shop = try ConsoleShop()
        try shop.order("anna", cents: [1_000, 9_500])
        _ = try shop.get("/api/v1/stages") { $0.body.contains(#""loyal":1"#) }
        for (path, title, part) in [
            ("/", "Where your customers are", "Spenders"), ("/movements", "Who moved from where to where", "Loyal"),
            ("/customers?stage=loyal", "Which customers are these?", "u:anna"),
            ("/customers/u%3Aanna", "u:anna", "because orders is 2, at least 2"),
            ("/actions", "What falls due, and what came of it?", "The rules have no actions"),
            ("/rules", "By which rules?", "2 or more orders"), ("/health", "Is it well?", "the log is followed"),
        ] {
            let answer = try shop.get(path)
            #expect(answer.status == 200 && answer.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
            #expect(answer.body.contains("<h1>\(title)</h1>"), "\(path)")
            #expect(answer.body.contains(part), "\(path) lacks \(part): \(answer.body)")
            #expect(answer.body.contains("Known up to 1 January 2026, 00:00 · rules “test”, version 1"), "\(path)")
            #expect(answer.body.contains(#"<a href="/rules""#), "\(path)")
            #expect(answer.body.utf8.count < 50_000)
        }
    }

    @Test func `goes on under another policy that has not a stage which somebody looks at`() throws {
        let shop = try ConsoleShop()
        try shop.order("anna", cents: [1_000, 9_500])
        _ = try shop.get("/customers?stage=loyal") { $0.body.contains("u:anna") }
        try shop.adopt("policy: other\ncurrency: EUR\nstages:\n  - buyer: orders >= 1\n  - visitor: otherwise\n")
        let gone = try shop.get("/customers?stage=loyal") { $0.status == 400 }
        #expect(gone.body.contains("unknown stage loyal; the policy has buyer, visitor"))
        let page = try shop.get("/") { $0.body.contains("Buyer") }
        #expect(page.body.contains("rules “other”, version 2"))
        #expect(try shop.get("/customers?stage=buyer").body.contains("u:anna"))
    }

    @Test func `shows what a proposed policy would change, where one is named`() throws {
        let other = "policy: other\ncurrency: EUR\nstages:\n  - regular: orders >= 2\n  - active: otherwise\n"
        let shop = try ConsoleShop(proposed: other)
        try shop.order("anna", cents: [1_000, 9_500])
        try shop.order("bert")
        let page = try shop.get("/rules/diff") { $0.body.contains("1 customer of 2 would stand elsewhere") }
        #expect(page.body.contains("<td class=\"words\">Loyal</td><td class=\"words\">Regular</td><td>1</td>"))
        #expect(page.body.contains("u:anna") && !page.body.contains("u:bert"))
        #expect(try shop.get("/rules").body.contains(#"href="/rules/diff""#))
        #expect(try shop.get("/api/v1/policy/diff").body.contains(#""moved":1"#))
        let without = try ConsoleShop()
        #expect(try without.get("/rules/diff").status == 404)
        #expect(try !without.get("/rules").body.contains("/rules/diff"))
    }

    @Test func `tells changes as they are published, and those that a client has missed`() throws {
        let shop = try ConsoleShop()
        let first = try shop.stream()
        // It has begun.
        _ = first.text(until: ":")
        try shop.order("anna", cents: [1_000, 9_500])
        try shop.project()
        let told = first.text(until: "\"words\":\"active → loyal, because line 5: orders is 2")
        #expect(told.contains("event: change\ndata: {") && told.contains(#""type":"lifecycle.stage.changed.v1""#))
        #expect(told.hasSuffix("orders is 2"), "\(told)")
        let id = try #require(told.firstMatch(of: /id: (\d+-\d+)/)).1
        let missed = try shop.stream(after: String(id)).text(until: "loyal\"")
        #expect(missed.contains("u:anna") && !missed.contains("id: \(id)\n"))
        let page = try shop.get("/") { $0.body.contains("active → loyal") }
        #expect(page.body.contains(#"<section id="live""#))
    }

    @Test func `gives each list whole as CSV, from the link beside it`() throws {
        let shop = try ConsoleShop()
        try shop.order("anna", cents: [1_000, 9_500])
        try shop.order("bert", cents: [500, 700])
        try shop.order("carl")
        for (list, customers) in [
            ("/customers?stage=loyal&sort=revenue&descending=true", ["u:anna", "u:bert"]),
            ("/customers?segment=spenders", ["u:anna"]), ("/customers?moved=active..loyal", ["u:anna", "u:bert"]),
            ("/customers", ["u:anna", "u:bert", "u:carl"]),
        ] {
            let page = try shop.get(list) { $0.body.contains(customers.last ?? "") }
            let link = try #require(page.body.firstMatch(of: /href="(\/customers\.csv[^"]*)"/)).1
            let csv = try shop.get(String(link).replacing("&amp;", with: "&"))
            #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
            #expect(csv.headers["content-disposition"]?.hasPrefix("attachment") == true)
            let ids = csv.body.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
            #expect(ids.map(String.init) == customers, "\(list)")
        }
    }

    @Test func `shows hostile ids and questions as text, in pages of its own`() throws {
        let shop = try ConsoleShop()
        let id = "<img src=x onerror=alert(1)>\"'"
        try shop.order(id)
        let list = try shop.get("/customers?stage=active") { $0.body.contains("onerror") }
        #expect(!list.body.contains("<img"))
        let link = try #require(list.body.firstMatch(of: /href="(\/customers\/u[^"]*)"/)).1
        let page = try shop.get(String(link))
        #expect(page.status == 200 && !page.body.contains("<img"), "\(page.body)")
        for path in ["/customers?stage=%3Cimg%3E", "/?at=%3Cimg%3E", "/customers/%3Cimg%3E"] {
            let answer = try shop.get(path)
            #expect(answer.status >= 400 && !answer.body.contains("<img>"), "\(path)")
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
        }
    }

    @Test func `describes its API as it answers it`() throws {
        let shop = try ConsoleShop(proposed: "policy: other\nstages:\n  - active: otherwise\n")
        try shop.order("anna")
        let text = try shop.get("/openapi.json").body
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        #expect(document["openapi"] as? String == "3.1.0" && paths.count == 7)
        for (path, operations) in paths where path != "/api/v1/changes" {
            let operation = try #require(operations["get"] as? [String: Any])
            let parameters = try #require(operation["parameters"] as? [[String: Any]])
            // Each answers without any parameter but those of its path.
            let asked = path.replacing("{customer}", with: "u:anna")
            let answer = try shop.get(asked) { $0.status == 200 }
            let members = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
            #expect(members?.isEmpty == false, "\(path)")
            let inPath = parameters.filter { $0["in"] as? String == "path" }.compactMap { $0["name"] as? String }
            #expect(inPath == (path.contains("{") ? ["customer"] : []))
            // What a parameter may be is known: a value that it cannot have is refused, by its name.
            for parameter in parameters where parameter["in"] as? String == "query" {
                let name = try #require(parameter["name"] as? String)
                let schema = parameter["schema"] as? [String: Any]
                guard schema?["enum"] != nil || name == "at" || name == "limit" else { continue }
                let refused = try shop.get("\(asked)?\(name)=%21")
                #expect(refused.status == 400 && refused.body.contains(name), "\(path) \(name)")
            }
        }
    }
}
