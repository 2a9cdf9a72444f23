import CommandLine
import CustomerLifecycle

/// The section of contacts: what holds for all of them.
extension PolicyReader {
    mutating func readContactRules(_ node: YAMLNode) {
        let keys = ["purposes", "limits", "quiet hours", "pause while", "hold out", "cost"]
        for entry in entries(node, of: "rules for contacts", allowed: keys) {
            switch entry.key.text {
            case "limits":
                for item in items(entry.value, "limits") {
                    if let limit = limit(item) { draft.contact.limits.append(limit) }
                }
            case "quiet hours": draft.contact.quietHours = quietHours(entry.value)
            case "pause while": draft.contact.pause = condition(entry.value)
            case "hold out": draft.contact.holdOutPercent = percentage(entry.value) ?? 0
            case "cost": readCosts(entry.value)
            default: break  // The purposes: conditions refer to them, so they were read first.
            }
        }
    }

    // limit = COUNT ( CHANNEL[s] | "contacts" ) "per" duration
    private mutating func limit(_ node: YAMLNode) -> Policy.ContactRules.Limit? {
        let example = "expected for example \"3 emails per 7 days\""
        guard let scalar = node.scalar else {
            error(node, example)
            return nil
        }
        return parse(scalar) { parser throws(ExpressionError) in
            let count = parser.current
            let word = parser.token(after: 1)
            let singular = word.text.hasSuffix("s") && word.text != "sms" ? String(word.text.dropLast()) : word.text
            let channel = Channel(word: singular)
            guard count.kind == .number, channel != nil || singular == "contact",
                parser.token(after: 2).text == "per"
            else { throw parser.failure("\(example), found \"\(Suggestion.excerpt(scalar.text))\"", at: count) }
            let most = Policy.ContactRules.Limit.countMax
            guard let number = Int64(count.text), (1...most).contains(number) else {
                throw parser.failure("a limit counts from 1 to \(most) contacts", at: count)
            }
            parser.advance(by: 3)
            let start = parser.current
            let window = try parser.wholeDuration()
            guard window > Milliseconds(0), window <= Policy.ContactRules.Limit.windowMax else {
                throw parser.failure("a limit looks back 31 days at most, and longer than nothing", at: start)
            }
            return Policy.ContactRules.Limit(count: Int(number), channel: channel, window: window)
        }
    }

    private mutating func quietHours(_ node: YAMLNode) -> QuietHours? {
        let words = (node.scalar?.text ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[1] == "to", let start = Self.timeOfDay(words[0]),
            let end = Self.timeOfDay(words[2])
        else {
            error(node, "expected \"21:00 to 08:00\"")
            return nil
        }
        findings.need(.timeZone, for: "quiet hours")
        return QuietHours(start: start, end: end)
    }

    /// `09:05`, as a clock of 24 hours shows it; nil of anything else.
    static func timeOfDay(_ text: Substring) -> Milliseconds? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isDigit) }),
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), hour < 24, minute < 60
        else { return nil }
        return .minutes(hour * 60 + minute)
    }

    private mutating func readCosts(_ node: YAMLNode) {
        let example = "expected for example \"2 \(scope.exampleCurrency) per 1000\""
        for entry in entries(node, of: "costs", allowed: Channel.allCases.map(\.word)) {
            guard let channel = Channel(word: entry.key.text), let scalar = entry.value.scalar else {
                error(entry.value, example)
                continue
            }
            draft.contact.costPerThousand[channel] = parse(scalar) { parser throws(ExpressionError) in
                let price = try parser.constant()
                guard price.operand.type == .money, let amount = price.operand.constant, parser.take("per"),
                    parser.current.text == "1000", parser.token(after: 1).kind == .end
                else { throw parser.failure(example, at: parser.tokens[0]) }
                return amount
            }
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
