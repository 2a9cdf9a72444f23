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
        )
    ]

    package static func since(_ version: UInt32) -> [String] {
        all.filter { $0.version > version }.flatMap(\.sentences)
    }
}
