import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Wire

/// The parameters by which a shop describes itself to the Router, in `run` and in `import` alike.
enum ShopParameters {
    static let currency = Parameter.optional(
        "currency", Format<Currency>.currency, help: "of amounts without one; the policy's if not said")
    private static let zone = Parameter.optional(
        "time-zone", Format<ZoneTable>.zone, help: "of times without one, such as Europe/Paris; UTC if not said")
    private static let hashIDs = Parameter.optional(
        "hash-ids", Format<String>.file,
        help: "ids that contain a mail address become hashes under the key in this file, at least 16 bytes")
    private static let hashKey = Parameter.optional(
        "hash-key", Format<String>.text,
        help: "that key itself: for its variable alone, as anyone can see a command line")
    private static let customerIDCase = Parameter.standard(
        "customer-id-case", Format<IDCase>.choice, "keep",
        help: "lower makes one customer of Ada@example.com and ada@example.com; the same for ever")
    private static let blockedIDs = Parameter.repeated(
        "blocked-id", Format<String>.text, help: "what the shop sends where it has no id, besides null, guest and so on"
    )
    private static let referralParameter = Parameter.optional(
        "referral-parameter", Format<String>.text.named("NAME"), help: "of URLs: what carries a friend's referral code")
    private static let listPurposes = Parameter.repeated(
        "list-purpose", Format<NamedText>.pair("LIST=PURPOSE"), help: "what a mailing list is for that is not marketing"
    )
    private static let consentCategories = Parameter.repeated(
        "consent-category", Format<NamedText>.pair("NAME=CHANNEL_PURPOSE"),
        help: "what a category of the consent banner stands for, such as ads=email_marketing")
    private static let events = Parameter.repeated(
        "event", Format<NamedText>.event, help: "what an event of the shop's own is: order_complete='Order Completed'")
    private static let ratingMaximum = Parameter.standard(
        "rating-maximum", Format<Int>.integer(in: 2...100), "5", help: "the best rating, where a review does not say it"
    )
    private static let rejectedBytes = Parameter.standard(
        "rejected-bytes", Format<RejectedBytes>.choice, "original",
        help: "what lifecycle.rejected holds of a record that cannot be taken")

    private static let operatorFile = Parameter.flag(
        "operator", help: "the file is the shop's own word: overrides, costs and deletion requests in it count")

    private static let common = [
        currency.declaration, zone.declaration, hashIDs.declaration, hashKey.declaration, customerIDCase.declaration,
        blockedIDs.declaration, referralParameter.declaration, listPurposes.declaration, consentCategories.declaration,
        events.declaration,
        ratingMaximum.declaration,
    ]
    /// The parameters of an import, which writes rejected records to no topic.
    static let ofImports = common + [operatorFile.declaration]
    /// The parameters of topics, each of which says itself whether it is the shop's own.
    static let ofInputs = common + [rejectedBytes.declaration]

    /// Makes the Router's settings, for a command that declares `ofImports` or `ofInputs`. `policyCurrency` is called
    /// where `--currency` is not given.
    static func routerSettings(
        _ settings: Settings, policyCurrency: () throws(ProcessorError) -> Currency
    ) throws(ProcessorError) -> RouterSettings {
        let currency = if let currency = settings[currency] { currency } else { try policyCurrency() }
        var router = RouterSettings(currency: currency)
        router.zone = settings[zone]
        router.zoneNamed = { ZoneResolver.table(named: $0) }
        router.hashKey = try key(settings)
        router.customerIDCase = settings[customerIDCase]
        router.blockedIDs = settings[blockedIDs]
        router.referralParameter = settings[referralParameter]
        router.listPurposes = try table(settings[listPurposes], listPurposes.declaration)
        router.consentCategories = try table(settings[consentCategories], consentCategories.declaration)
        router.eventNames = try table(settings[events], events.declaration)
        router.ratingMaximum = settings[ratingMaximum]
        router.isOfOperator = isOfOperator(settings)
        if settings.declares(rejectedBytes) { router.rejectedBytes = settings[rejectedBytes] }
        return router
    }

    /// Whether what comes in is the shop's own word; of topics each says that itself.
    static func isOfOperator(_ settings: Settings) -> Bool {
        settings.declares(operatorFile) && settings[operatorFile]
    }

    // MARK: The key

    /// A shorter key could be found by trial.
    private static let keyByteCountMin = 16

    private static func key(_ settings: Settings) throws(ProcessorError) -> [UInt8]? {
        guard let (key, name) = try givenKey(settings) else { return nil }
        guard key.count >= keyByteCountMin else {
            throw ProcessorError(
                .usage, "the key of \(name) has \(key.count) bytes; at least \(keyByteCountMin) keep it a secret")
        }
        return key
    }

    private static func givenKey(_ settings: Settings) throws(ProcessorError) -> (key: [UInt8], name: String)? {
        if let text = settings[hashKey] {
            guard settings.origin(of: hashKey) != .commandLine else {
                throw ProcessorError(
                    .usage, "--hash-key: anyone on this machine can see a command line; say it in LIFECYCLE_HASH_KEY")
            }
            guard settings[hashIDs] == nil else {
                throw ProcessorError(.usage, "--hash-ids and --hash-key exclude each other: there is one key")
            }
            return (Array(text.utf8), "--hash-key")
        }
        guard let path = settings[hashIDs] else { return nil }
        var key: [UInt8]
        do throws(CommandFailure) {
            key = try PolicyFile.bytes(of: path)
        } catch {
            throw ProcessorError(.usage, error.description)
        }
        // Editors end a file with a line break, which is not part of the key.
        while let last = key.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { key.removeLast() }
        return (key, "--hash-ids \(Printable(path))")
    }

    // MARK: Tables

    private static func table(
        _ pairs: [NamedText], _ declaration: Declaration
    ) throws(ProcessorError) -> [String: String] {
        var table: [String: String] = [:]
        for pair in pairs {
            guard table.updateValue(pair.text, forKey: pair.name) == nil else {
                throw ProcessorError(.usage, "\(declaration.label): \(Printable(pair.name)) is given twice")
            }
        }
        return table
    }
}

/// A name and its meaning, given as `NAME=MEANING`.
struct NamedText: Equatable, Sendable {
    let name: String
    let text: String
}

extension Format<NamedText> {
    static func pair(_ valueName: String) -> Self {
        Self(valueName, expected: "a name and what it stands for, as \(valueName)") { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
                ? NamedText(name: parts[0], text: parts[1]) : nil
        }
    }
}

extension Format<NamedText> {
    /// A name, and one that the fold knows. That cannot be told otherwise.
    static let event = Self(
        "NAME=EVENT", expected: "an unknown name and a known one, such as order_complete='Order Completed'"
    ) { text in
        let pair = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2, KnownEventName(pair[0]) == nil, let known = KnownEventName(pair[1]) else { return nil }
        return NamedText(name: pair[0], text: known.name)
    }
}

extension Format<Currency> {
    static let currency = Self("CODE", expected: "an ISO 4217 code such as EUR") { code in
        Currency(code.utf8).flatMap { KnownCurrencies().digits(of: $0) == nil ? nil : $0 }
    }
}

extension Format<ZoneTable> {
    static let zone = Self("ZONE", expected: "an IANA name such as Europe/Paris") { ZoneResolver.table(named: $0) }
}
