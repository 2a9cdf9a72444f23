/// A record of each kind as Sources/lifecycle/Documentation.docc/Design.md lays it out, byte by byte, by hand.
enum LogFixtures {
    static let all = [genesis, event, link, tick, adoption, caughtUp, generation]

    static let event = Hex(
        "event",
        """
        01                                              | format
        02                                              | kind
        51 00                                           | flags: backfill, currency and scale filled in
        4e 00                                           | header length 78
        00 7c 29 1f 94 01 00 00                         | claimed 2025-01-01T00:00:00Z
        dc 81 29 1f 94 01 00 00                         | received 1.5 s later
        0b                                              | origin topic length
        73 68 6f 70 2e 65 76 65 6e 74 73                | shop.events
        03 00 00 00                                     | origin partition
        2a 00 00 00 00 00 00 00                         | origin offset
        00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | original
        10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f
        7b 22 74 79 70 65 22 3a 22 70 61 67 65 22 7d    | {"type":"page"}
        """)

    static let link = Hex(
        "link",
        """
        01                                              | format
        03                                              | kind
        00 00                                           | flags
        44 00                                           | header length 68
        00 7c 29 1f 94 01 00 00                         | claimed
        00 7c 29 1f 94 01 00 00                         | received
        01                                              | origin topic length
        74                                              | t
        00 00 00 00                                     | origin partition
        07 00 00 00 00 00 00 00                         | origin offset
        ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff | original
        ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
        03 00                                           | user length
        43 2d 37                                        | C-7
        03 00                                           | message id length
        6d 2d 31                                        | m-1
        """)

    static let genesis = Hex(
        "genesis",
        """
        01                                              | format
        01                                              | kind
        00 00                                           | flags
        43 00                                           | header length 67
        00 7c 29 1f 94 01 00 00                         | claimed
        00 7c 29 1f 94 01 00 00                         | received
        00                                              | origin topic length
        00 00 00 00                                     | origin partition
        00 00 00 00 00 00 00 00                         | origin offset
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | original
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af | log id
        06 00 00 00                                     | partition count
        01                                              | format
        05 00 00 00                                     | fold version
        01 00 00 00                                     | policy number
        0a 00 00 00                                     | policy text length
        70 6f 6c 69 63 79 3a 20 70 0a                   | policy: p
        02 00                                           | zone count
        07                                              | zone name length
        45 74 63 2f 55 54 43                            | Etc/UTC
        00 00                                           | transition count
        0c                                              | zone name length
        45 75 72 6f 70 65 2f 50 61 72 69 73             | Europe/Paris
        02 00                                           | transition count
        00 ac cf 6a dc 00 00 00                         | at 2000-01-01T00:00:00Z
        80 ee 36 00                                     | offset 1 h
        00 7c 29 1f 94 01 00 00                         | at 2025-01-01T00:00:00Z
        00 dd 6d 00                                     | offset 2 h
        """)

    static let tick = Hex("tick", own(kind: "05", claimed: "7b 7c 29 1f 94 01 00 00"))
    static let caughtUp = Hex("caught-up", own(kind: "07", claimed: "00 00 00 00 00 00 00 40"))

    static let adoption = Hex(
        "adoption",
        own(kind: "06", claimed: "00 7c 29 1f 94 01 00 00") + """

            02 00 00 00                                     | policy number
            0a 00 00 00                                     | policy text length
            70 6f 6c 69 63 79 3a 20 70 0a                   | policy: p
            00 00                                           | zone count
            """)

    static let generation = Hex(
        "generation",
        own(kind: "08", claimed: "00 00 00 00 00 00 00 40") + """

            02 00 00 00                                     | generation number
            06 00 00 00                                     | fold version
            """)

    /// Returns the header of a record of our own, without origin and original.
    private static func own(kind: String, claimed: String) -> String {
        """
        01                                              | format
        \(kind)                                              | kind
        00 00                                           | flags
        43 00                                           | header length 67
        \(claimed)                         | claimed
        \(claimed)                         | received
        00                                              | origin topic length
        00 00 00 00                                     | origin partition
        00 00 00 00 00 00 00 00                         | origin offset
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | original
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        """
    }
}
