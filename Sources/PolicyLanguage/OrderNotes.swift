import CommandLine
package import CustomerLifecycle

/// What is said of many orders where a number might be taken for more than it is: in the same words of a file that is
/// imported and of a log.
package enum OrderNotes {
    /// With fewer orders, customers who each have one say nothing.
    package static let onceOrderCountMin = 100

    /// Nobody has two orders. `id` is what the customers are known by: a column, or `this`.
    package static func oneOrderEach(knownBy id: String) -> String {
        "each order has a customer of its own: is \(id) the customer's id? If not, stages say nothing"
    }

    /// A sentence for each currency of `orders`, how many are in it, that is not the policy's.
    package static func otherCurrencies(_ orders: [Currency: Int], policy: Currency) -> [String] {
        orders.filter { $0.key != policy }.sorted { $0.key.letters < $1.key.letters }.map { currency, count in
            "\(Counted(count, "order")) in \(currency.letters) \(count == 1 ? "is" : "are") not counted as money; "
                + "the policy counts \(policy.letters)"
        }
    }

    /// What is not known of refunds.
    package static func unsureRefunds(_ count: Int) -> String {
        "\(Counted(count, "order")) with a refund of unknown amount, or in another currency: "
            + "\(count == 1 ? "its" : "their") revenue may be less"
    }

    package static func truncated(_ count: Int) -> String {
        "\(Counted(count, "customer")) with more orders than are kept (\(Facts.entryCountMax), the newest): what is "
            + "older does not count, and \(count == 1 ? "their" : "their") numbers are at least what is shown"
    }

    package static func unvalued(_ count: Int) -> String {
        "\(Counted(count, "order")) without an amount: \(count == 1 ? "its" : "their") value is not known"
    }
}
