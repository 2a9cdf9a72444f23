package import CustomerLifecycle

/// A preset in the shop's currency: the code is replaced, and no figure is.
extension Preset {
    /// An amount that was chosen in the preset's own currency.
    package struct Amount: Equatable, Sendable {
        /// The line of the document it stands on, from 1.
        package let line: Int
        /// `500`
        package let figure: String
    }

    /// What the preset counts in as it was written.
    package var currency: Currency { self == .reference ? Self.dollars : Self.euros }

    private static let euros = Currency("EUR".utf8) ?? .none
    private static let dollars = Currency("USD".utf8) ?? .none

    /// Returns the document with another currency in each amount. Figures stay as they are, and a comment behind each
    /// says so: no rate makes `500 EUR` a sensible threshold in yen.
    package func text(in currency: Currency) -> String {
        guard currency != self.currency else { return text }
        return lines.map { line in
            let (code, comment) = Self.parts(of: line)
            let replaced = code.replacing(" " + self.currency.letters, with: " " + currency.letters)
            guard let figure = figure(in: code) else { return replaced + comment }
            let hint = "# \(figure) was chosen for \(self.currency.letters)"
            return replaced + (comment.isEmpty ? "  " + hint : hint + "; " + comment.drop { "# ".contains($0) })
        }.joined(separator: "\n")
    }

    /// The amounts whose figures were chosen for the preset's own currency: to be looked at in any other.
    package var amounts: [Amount] {
        lines.enumerated().compactMap { index, line in
            figure(in: Self.parts(of: line).code).map { Amount(line: index + 1, figure: $0) }
        }
    }

    private var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    /// The last figure before the currency's code; nil where there is none, as in `currency: EUR`.
    private func figure(in code: Substring) -> String? {
        guard let end = code.firstRange(of: " " + currency.letters)?.lowerBound else { return nil }
        let figure = code[..<end].reversed().prefix { $0.isNumber || $0 == "." }
        return figure.isEmpty ? nil : String(figure.reversed())
    }

    /// A line up to its comment, and the comment.
    private static func parts(of line: String) -> (code: Substring, comment: Substring) {
        let start = line.firstIndex(of: "#") ?? line.endIndex
        return (line[..<start], line[start...])
    }
}
