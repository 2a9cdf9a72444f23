import Foundation
import Testing
import Wire

/// Storefront events as a shop's own producer writes them, key in front.
enum Orders {
    /// Makes a completed order at an instant.
    static func completed(_ order: String, by customer: String, at time: Date, total: String = "10.00") -> String {
        line(customer, messageID: "m-\(order)", order, instantText(time), total, "EUR")
    }

    /// Makes orders, some hundred a day, of some hundred customers.
    static func some(_ count: Int, after first: Int, using generator: inout SeededGenerator) -> [String] {
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        return (first..<first + count).map { number in
            let customer = "k\(Int.random(in: 0..<700, using: &generator))"
            return completed("o\(number)", by: customer, at: start.addingTimeInterval(Double(number) * 100))
        }
    }

    /// Writes an instant as changes do.
    static func instantText(_ time: Date) -> String {
        let milliseconds = Int((time.timeIntervalSince1970 * 1_000).rounded())
        let seconds = Date(timeIntervalSince1970: TimeInterval(milliseconds / 1_000)).formatted(.iso8601).dropLast()
        return "\(seconds).\(String(milliseconds % 1_000 + 1_000).dropFirst())Z"
    }

    /// Makes CDNOW's orders as a shop would have sent them at the time. Each has the message id that `import` gives its
    /// row: the SHA-256 of the row's content, computed here independently.
    static func cdnow(in workplace: Workplace) throws -> [String] {
        let file = workplace.path + "/cdnow.csv"
        try Gzip.unpack(Settings.cdnow, to: file)
        let rows = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        try #require(rows.first == "order_id,customer_id,ordered_at,quantity,total,currency")
        return try rows.dropFirst().map { row in
            let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let time = try Date(fields[2] + "T00:00:00Z", strategy: .iso8601)
            let id = messageID(
                customer: fields[1], order: fields[0], milliseconds: UInt64(time.timeIntervalSince1970) * 1_000,
                total: fields[4], currency: fields[5])
            return line(fields[1], messageID: id, fields[0], fields[2] + "T00:00:00.000Z", fields[4], fields[5])
        }
    }

    private static func line(
        _ customer: String, messageID: String, _ order: String, _ time: String, _ total: String, _ currency: String
    ) -> String {
        """
        \(customer)|{"messageId":"\(messageID)","type":"track","event":"Order Completed","userId":"\(customer)",\
        "timestamp":"\(time)","properties":{"order_id":"\(order)","revenue":"\(total)","currency":"\(currency)"}}
        """
    }

    /// Hashes the kind, the time, and each field behind its length; the length of a missing field is the largest
    /// number.
    private static func messageID(
        customer: String, order: String, milliseconds: UInt64, total: String, currency: String
    ) -> String {
        var bytes: [UInt8] = []
        func append(_ number: UInt64) { bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        append(0)
        append(milliseconds)
        for field in [customer, order, total, currency] {
            append(UInt64(field.utf8.count))
            bytes += field.utf8
        }
        // There is no coupon, no discount, no cost of goods, no consent, and no order that it would be a credit of.
        for _ in 0..<5 { append(.max) }
        return bytes.withUnsafeBytes { SHA256Digest(of: $0).description }
    }
}
