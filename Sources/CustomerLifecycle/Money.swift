/// An ISO 4217 currency by its three capital letters, five bits each. Whether a code is one that exists, `Wire` knows.
package struct Currency: Hashable, Sendable {
    /// 1…32767; the low 15 bits hold the letters, first letter highest.
    package let code: UInt16

    package init(code: UInt16) { self.code = code }

    /// Fails unless `letters` are three ASCII letters; small ones count as capitals.
    package init?(_ letters: some Sequence<UInt8>) {
        var code: UInt16 = 0
        var count = 0
        for letter in letters {
            let capital = letter & 0xDF
            guard count < 3, (0x41...0x5A).contains(capital) else { return nil }
            code = code << 5 | UInt16(capital - 0x40)
            count += 1
        }
        guard count == 3 else { return nil }
        self.code = code
    }

    package var letters: String {
        String(decoding: [10, 5, 0].map { UInt8(code >> $0 & 0x1F) + 0x40 }, as: UTF8.self)
    }

    /// Digits after the decimal point: 2 but for the currencies that ISO 4217 (table A.1) gives another exponent.
    package var minorDigits: Int {
        switch letters {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
            3
        case "CLF", "UYW":
            4
        default:
            2
        }
    }
}

/// An amount in a currency's minor units.
package struct Money: Hashable, Sendable {
    /// 9·10^15: a decimal text beyond it is no amount, and 512 of them still fit an `Int64`.
    package static let minorUnitsMax: Int64 = 9_000_000_000_000_000

    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The nearest amount within ±`minorUnitsMax`: what the fold keeps, so that no sum of amounts can trap.
    var limited: Money {
        let limited = min(max(minorUnits, -Self.minorUnitsMax), Self.minorUnitsMax)
        return Money(minorUnits: limited, currency: currency)
    }
}

/// How far a sum of amounts can be trusted, some of which may not be known.
package enum AmountBound: UInt8, CaseIterable, Sendable {
    /// Every amount is known.
    case exact
    /// Some are not, and none of them is below zero.
    case atLeast
    /// None is known.
    case unknown
    /// More may have been refunded than is known.
    case atMost
    /// Some are not known, and more may have been refunded: the sum may be more or less.
    case about
}
