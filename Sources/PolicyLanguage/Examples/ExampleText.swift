package import CustomerLifecycle

extension RuleExample {
    /// One line of a history as people read it.
    package struct Line: Equatable, Sendable {
        package let at: Instant
        /// `first order of 40.00 EUR`
        package let text: String
    }

    /// The history in words, oldest first: a line for each event.
    package var history: [Line] {
        var isFirstOrder = true
        var lines = events.map { event in
            guard case .ordered = event.kind, isFirstOrder else {
                return Line(at: event.instant, text: text(of: event))
            }
            isFirstOrder = false
            return Line(at: event.instant, text: "first \(text(of: event))")
        }
        if !isIdentified, let first = lines.first {
            lines[0] = Line(at: first.at, text: first.text + ", not identified")
        }
        return lines
    }

    /// The same, with one line for what happens several times at one pace.
    package var shortHistory: [Line] {
        var rest = history[...]
        var lines: [Line] = []
        while let first = rest.first {
            let run = Self.run(beginning: rest)
            let isShown = run.count < Self.runCountMin
            lines.append(isShown ? first : Self.line(for: run))
            rest = rest.dropFirst(isShown ? 1 : run.count)
        }
        return lines
    }

    /// Fewer stand by themselves.
    private static let runCountMin = 4

    /// The longest beginning of equal texts at equal distances.
    private static func run(beginning lines: ArraySlice<Line>) -> ArraySlice<Line> {
        let first = lines.startIndex
        guard lines.count > 1 else { return lines }
        let pace = lines[first + 1].at - lines[first].at
        var end = first + 1
        while end < lines.endIndex, lines[end].text == lines[first].text, lines[end].at - lines[end - 1].at == pace {
            end += 1
        }
        return lines[first..<end]
    }

    private static func line(for run: ArraySlice<Line>) -> Line {
        let (first, last) = (run[run.startIndex], run[run.endIndex - 1])
        let pace = run[run.startIndex + 1].at - first.at
        let times =
            pace.count == 0
            ? "at once" : "every \(PolicyText.duration(pace.count)) until \(last.at.exampleText)"
        return Line(at: first.at, text: "\(first.text), \(run.count) times, \(times)")
    }
}

extension RuleExample.Line: CustomStringConvertible {
    /// `2025-12-30 first order of 40.00 EUR`
    package var description: String { "\(at.exampleText) \(text)" }
}

extension Instant {
    /// A midnight is written as its day.
    package var exampleText: String {
        let text = shortRFC3339
        return text.hasSuffix("T00:00:00Z") ? String(text.prefix { $0 != "T" }) : text
    }
}

extension RuleExample {
    fileprivate func text(of event: ExampleEvent) -> String {
        event.source.map { "\(text(of: event.kind)), from \"\($0.name)\"" } ?? text(of: event.kind)
    }

    private func text(of kind: ExampleEvent.Kind) -> String {
        switch kind {
        case .visited: "visit"
        case .identified(let profile) where profile.isEmpty: isIdentified ? "identified" : "empty profile"
        case .identified(let profile): "profile: \(profile.words)"
        case .ordered(let order): order.text
        case .cancelled(let order): "order of \(date(ofOrder: order)) cancelled"
        case .consented(let channel, let purpose): "consent to \(channel) \(purpose.text)"
        case .complained: "complaint"
        case .resolved: "complaint resolved"
        case .reviewed(_, let score): "review, \(PolicyText.score(Int64(score.thousandths)))"
        case .answered(let score): "survey answered, \(PolicyText.score(Int64(score.thousandths)))"
        case .shared: "product shared"
        case .subscribed(let channel): "signup for the \(channel) newsletter"
        case .unsubscribed(let channel): "unsubscribed from \(channel)"
        case .bounced(let channel): "\(channel) bounced"
        case .carted(let product, let amount): "put product p\(product) into the cart\(Self.price(amount))"
        case .uncarted(let product): "took product p\(product) out of the cart"
        case .shipped(let order, let promised):
            "order of \(date(ofOrder: order)) shipped, promised by \(promised.exampleText)"
        case .delivered(let order): "order of \(date(ofOrder: order)) delivered"
        case .acquired(let amount): "acquisition cost of \(PolicyText.money(amount.minorUnits, amount.currency))"
        }
    }

    private static func price(_ amount: Money?) -> String {
        amount.map { ", \(PolicyText.money($0.minorUnits, $0.currency))" } ?? ""
    }

    private func date(ofOrder number: Int) -> String {
        let order = events.first { event in
            guard case .ordered(let order) = event.kind else { return false }
            return order.number == number
        }
        return order.map(\.instant.exampleText) ?? ""
    }
}

extension ExampleOrder {
    fileprivate var text: String {
        var text = "order"
        if let amount { text += " of \(PolicyText.money(amount.minorUnits, amount.currency))" }
        if !categories.isEmpty { text += ", of \(categories.map { "\"\($0.name)\"" }.joined(separator: ", "))" }
        if hasCoupon { text += ", with a coupon" }
        if let costOfGoods {
            text += ", of goods that cost \(PolicyText.money(costOfGoods.minorUnits, costOfGoods.currency))"
        }
        return text
    }
}

extension Profile {
    fileprivate var words: String {
        let words: [(Profile, String)] = [
            (.email, "e-mail address"), (.phone, "phone number"), (.name, "name"), (.birthday, "birthday"),
        ]
        return words.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}
