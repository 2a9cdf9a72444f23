package import CustomerLifecycle

/// Which ISO 4217 codes exist (list one of January 2024, funds and metals left out), and how many decimals each has.
package struct KnownCurrencies: Sendable {
    private static let codes = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD \
        CDF CHF CLF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
        GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT \
        LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD \
        OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN \
        SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD \
        XCG XOF XPF YER ZAR ZMW ZWG ZWL
        """
    private static let unknown: UInt8 = 255

    /// The decimals by currency code, or `unknown`. Flat, because a look-up stands on the path of every order.
    private let digits: [UInt8]

    package init() {
        var digits = [UInt8](repeating: Self.unknown, count: 1 << 15)
        for letters in Self.codes.utf8.split(separator: UInt8(ascii: " ")) {
            guard let currency = Currency(letters) else { preconditionFailure("A code has three letters.") }
            digits[Int(currency.code)] = UInt8(currency.minorDigits)
        }
        self.digits = digits
    }

    /// Returns the currency; nil unless the text is three letters, capital or small, of a currency that exists; blanks
    /// around them do not count.
    package func currency(_ text: UnsafeRawBufferPointer) -> Currency? {
        guard let currency = Self.code(text) ?? Self.code(IDText.trimmingBlanks(text)), digits(of: currency) != nil
        else { return nil }
        return currency
    }

    /// What `Currency.init` does for any sequence, but for bytes, and without leaving the module: it stands on the
    /// path of every amount.
    static func code(_ letters: UnsafeRawBufferPointer) -> Currency? {
        guard letters.count == 3 else { return nil }
        var code: UInt16 = 0
        for place in 0..<3 {
            let capital = letters[place] & 0xDF
            guard (0x41...0x5A).contains(capital) else { return nil }
            code = code << 5 | UInt16(capital - 0x40)
        }
        return Currency(code: code)
    }

    package func digits(of currency: Currency) -> Int? {
        let count = digits[Int(currency.code & 0x7FFF)]
        return count == Self.unknown ? nil : Int(count)
    }
}

extension [Currency: Int] {
    /// The currency of the largest count, by its letters among equal ones; nil of none.
    package var mostFrequent: Currency? {
        self.max { ($0.value, $1.key.letters) < ($1.value, $0.key.letters) }?.key
    }
}
