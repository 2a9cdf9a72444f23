/// What each version of the fold does otherwise than the one before, for the person who upgrades.
package enum FoldChanges {
    private static let all: [(version: UInt32, sentences: [String])] = [
        (
            2,
            [
                "a mail marked as spam withdraws consent to e-mail",
                "the end of a consent is read as seconds or milliseconds too; one that cannot be read grants nothing",
                "`first seen` and `last seen` are the person's own doings, not the shop's",
                "an order keeps its coupon where an update says that there is no discount",
            ]
        ),
        (
            3,
            [
                "a refund that lists products is their sum, and is not known where one of them has no price",
                "a refund without a currency is in its order's; in another one it is worth 0, and not the whole order",
                "a refund whose amount cannot be read is worth 0, and not the whole order",
                "an order whose value is below zero is a credit, taken off another order, and never an order",
                "an event's name may be written with any case, blanks, _ and -: order_completed is Order Completed",
                "refunds without an id, of the same order, instant and amount, are one",
            ]
        ),
        (
            4,
            [
                "of an order that several imported files have the newest file decides: its instant, total, status and "
                    + "refunds; files that earlier versions imported are older than all others",
                "changes and rows say how far a revenue can be trusted: `revenue_is` exact, at_least or unknown",
            ]
        ),
        (
            5,
            [
                "visits, carts, deliveries, coupons, clicks, bounces, sources and costs are facts: a cart or a parcel "
                    + "moved nothing before",
                "an order that was only shipped, a bounce or a cost makes a customer of whom nothing else is known",
                "a review is dated by the first report of it; of two at one instant the last written is `last review`",
                "where a refund is of unknown amount, or in another currency than its order, `revenue_is` is at_most, "
                    + "or about where the value of some orders is not known either",
                "where the value of no order is known, the amount of `revenue` is null, and not 0",
                "changes of consent are published, also that one ran out, and that a visitor was forgotten: they count "
                    + "in the same sequence",
                "`contactable` says no where a hard bounce is later than the newest click and grant",
                "`since` of a row's consents is since when each is so; `marketing` is listed where a list grants it",
                "an id loses quotes only where the same stand at both its ends: 5' stays 5'",
            ]
        ),
        (
            6,
            [
                "segments are in force: who enters or leaves one is published, in the same sequence, and rows list "
                    + "them",
                "`delivery overdue is unknown` and `bought is unknown` hold for nobody: both always have a value",
                "an override of a stage that the policy lacks ends none of a stage that it has, and of a Set and a "
                    + "Cleared at one instant Set counts",
                "`Coupon Removed` takes off the coupon that it names, and no other",
                "a consent that is not kept any more, since there are more than 512, is published as `never_granted`",
            ]
        ),
        (
            7,
            [
                "actions are in force from the upgrade on: nothing that fell due before it is ever due",
                "`contacts`, `contacts since last order`, `contact cost`, `total cost` and `net value` count what was "
                    + "sent; deliveries that others report count in `contacts`",
                "a message that was delivered makes a customer of whom nothing else is known",
            ]
        ),
    ]

    package static func since(_ version: UInt32) -> [String] {
        all.filter { $0.version > version }.flatMap(\.sentences)
    }
}
