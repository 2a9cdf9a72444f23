import CustomerLifecycle
import MappingLanguage
import Wire

/// What shops write for a currency, besides its code: symbols, names, short forms.
enum CurrencyWord {
    enum Meaning: Equatable {
        case one(Currency)
        /// `$` is the symbol of many.
        case oneOf([Currency])
    }

    /// Nil where the word is no currency that we know.
    static func meaning(_ word: [UInt8], _ known: KnownCurrencies) -> Meaning? {
        let folded = ColumnName.folded(String(decoding: word, as: UTF8.self))
        if let codes = table[folded] {
            let currencies = codes.compactMap { Currency($0.utf8) }
            return currencies.count == 1 ? .one(currencies[0]) : .oneOf(currencies)
        }
        guard let code = Currency(folded.uppercased().utf8), known.digits(of: code) != nil else { return nil }
        return .one(code)
    }

    private static let dollars = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"]
    private static let crowns = ["SEK", "NOK", "DKK", "ISK"]

    private static let table: [String: [String]] = [
        "€": ["EUR"], "euro": ["EUR"], "euros": ["EUR"], "£": ["GBP"], "pound sterling": ["GBP"],
        "british pound": ["GBP"], "$": dollars, "dollar": dollars, "dollars": dollars, "us$": ["USD"], "u$s": ["USD"],
        "us dollar": ["USD"], "us dollars": ["USD"], "u.s. dollar": ["USD"], "a$": ["AUD"], "au$": ["AUD"],
        "australian dollar": ["AUD"], "c$": ["CAD"], "ca$": ["CAD"], "canadian dollar": ["CAD"], "nz$": ["NZD"],
        "new zealand dollar": ["NZD"], "s$": ["SGD"], "hk$": ["HKD"], "nt$": ["TWD"], "mx$": ["MXN"], "mex$": ["MXN"],
        "r$": ["BRL"], "brazilian real": ["BRL"], "kr": crowns, "kr.": crowns, "swedish krona": ["SEK"],
        "norwegian krone": ["NOK"], "danish krone": ["DKK"], "zł": ["PLN"], "zl": ["PLN"], "polish zloty": ["PLN"],
        "kč": ["CZK"], "kc": ["CZK"], "czech koruna": ["CZK"], "ft": ["HUF"], "lei": ["RON"], "лв": ["BGN"],
        "лв.": ["BGN"], "₽": ["RUB"], "руб.": ["RUB"], "₴": ["UAH"], "₺": ["TRY"], "tl": ["TRY"], "₪": ["ILS"],
        "₹": ["INR"], "rs": ["INR", "PKR", "LKR"], "rs.": ["INR", "PKR", "LKR"], "indian rupee": ["INR"],
        "¥": ["JPY", "CNY"], "円": ["JPY"], "元": ["CNY"], "japanese yen": ["JPY"], "cn¥": ["CNY"], "₩": ["KRW"],
        "₫": ["VND"], "฿": ["THB"], "₱": ["PHP"], "₦": ["NGN"], "fr": ["CHF"], "fr.": ["CHF"], "sfr.": ["CHF"],
        "sfr": ["CHF"], "swiss franc": ["CHF"], "rm": ["MYR"], "rp": ["IDR"], "r": ["ZAR"],
    ]
}
