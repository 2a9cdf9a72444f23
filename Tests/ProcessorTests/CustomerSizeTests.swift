import CustomerLifecycle
import Testing

@testable import Processor

/// What a customer takes in the memory of the process that holds the customer's partition.
@Suite struct `A customer` {
    private static let customerCount = 200

    /// Customers who gave a name, have two consents, and three orders with ids of eight bytes, an amount, and `order`.
    private func byteCount(_ name: String, context: String = "{}", order more: String) throws -> Int {
        var lines: [String] = []
        for number in 0..<Self.customerCount {
            let head = { (day: Int) in
                #""messageId":"\#(number)-\#(day)","userId":"C-\#(100_000 + number)","#
                    + #""timestamp":\#((Rows.start + .days(Int64(day))).milliseconds)"#
            }
            let traits = #""traits":{"email":"a@example.com","firstName":"Ada"}"#
            lines.append(#"{"type":"identify",\#(head(1)),"context":\#(context),\#(traits)}"#)
            lines.append(#"{"type":"track","event":"Email Subscribed",\#(head(2))}"#)
            lines.append(#"{"type":"track","event":"SMS Subscribed",\#(head(3)),"properties":{"list_id":"news"}}"#)
            for order in 4...6 {
                let id = #""order_id":"\#(10_000_000 + number * 10 + order)","revenue":49.90,"currency":"EUR""#
                lines.append(
                    #"{"type":"track","event":"Order Completed",\#(head(order * 20)),"properties":{\#(id)\#(more)}}"#)
            }
        }
        let workshop = try Workshop()
        try workshop.importRows(Rows(name, json: lines.map { Array($0.utf8) }))
        let folded = try workshop.view().current()
        var byteCount = 0
        for fold in folded.folds {
            fold.withState { state in
                state.lendEachSubject { subject in
                    var writer = PackedWriter()
                    subject.pack(into: &writer)
                    byteCount += writer.count + subject.subject.count + Self.besideByteCount
                }
            }
        }
        return byteCount / Self.customerCount
    }

    /// A block's head, its place in the table, a table that is two thirds full, and an entry in the queue of reviews.
    private static let besideByteCount = 32 + 12 + 16

    @Test func `with three orders and two consents takes at most 300 bytes`() throws {
        let categories = #","products":[{"category":"shoes"},{"category":"socks"}]"#
        let byteCount = try byteCount("plain", order: categories)
        #expect((200...300).contains(byteCount), "\(byteCount)")
        // What is beside it, for the page about operation.
        let context = #"{"locale":"de-DE","timezone":"Europe/Berlin"}"#
        let locale = try self.byteCount("locale", context: context, order: categories)
        #expect(locale - byteCount <= 60, "\(locale)")
        let products =
            #","products":[{"product_id":"sku-0001","category":"shoes","price":9},{"product_id":"sku-0002"}]"#
        let offered = try self.byteCount("products", order: products)
        #expect(offered > byteCount && offered - byteCount <= 120, "\(offered)")
    }
}
