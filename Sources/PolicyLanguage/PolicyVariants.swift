/// Variants of a policy's text in one number: what `policy backtest --try` asks for.
///
/// `line 20: 60, 90, 120 days` puts each of these durations in the place of the one on that line, `patience: at most
/// 120, 150 days` in that of a definition's bound, and `patience: 2.5, 2.9, 3.5 *` in that of its factor.
package struct PolicyVariants: Sendable {
    package struct Variant: Sendable {
        /// `line 20: 60 days`
        package let name: String
        package let policy: CompiledPolicy
    }

    package struct Mistake: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package static let countMax = 16

    package let variants: [Variant]

    package init(_ request: String, of policy: CompiledPolicy) throws(Mistake) {
        let parts = request.split(separator: ":", maxSplits: 1).map { Self.trimmed($0) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw Mistake(description: "\(Self.forms), found \"\(request)\"")
        }
        var lines = String(decoding: policy.text, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
        let place = try Self.line(parts[0], in: lines)
        let number = try Number(parts[1])
        let (code, comment) = Self.splitComment(lines[place])
        let found = number.places(in: code)
        guard found.count == 1, let range = found.first else {
            throw Mistake(
                description: "line \(place + 1) has \(found.isEmpty ? "no" : "several") \(number.what): "
                    + "\"\(Self.trimmed(code[...]))\"")
        }
        var variants: [Variant] = []
        for value in number.values {
            lines[place] =
                String(code[..<range.lowerBound]) + number.text(value) + String(code[range.upperBound...]) + comment
            let text = Array(lines.joined(separator: "\n").utf8)
            // As from a log: a line that a variant leaves nobody for is told by finding nobody.
            let compiled = PolicyCompiler.compile(text, zones: policy.zones, fileName: policy.fileName)
            guard compiled.policy != nil else {
                let errors = compiled.errors.map(compiled.rendered).joined(separator: "\n")
                throw Mistake(description: "with \(number.text(value)) it is no policy:\n\(errors)")
            }
            variants.append(Variant(name: "\(parts[0]): \(number.text(value))", policy: compiled))
        }
        self.variants = variants
    }

    private static let forms =
        "expected \"line 20: 60, 90, 120 days\", \"patience: at most 120, 150 days\" or \"patience: 2.5, 2.9 *\""

    private static func trimmed(_ text: Substring) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The index of the line that is named, by its number or by what it defines.
    private static func line(_ name: String, in lines: [String]) throws(Mistake) -> Int {
        let words = name.split(separator: " ")
        if words.first == "line", words.count == 2, let number = Int(words[1]) {
            guard lines.indices.contains(number - 1) else {
                throw Mistake(description: "there is no line \(number): the policy has \(lines.count) lines")
            }
            return number - 1
        }
        let found = lines.indices.filter { index in
            trimmed(lines[index][...]).hasPrefix("\(name):")
        }
        guard found.count == 1 else {
            throw Mistake(
                description: found.isEmpty
                    ? "no line defines \"\(name)\"; \(forms)"
                    : "several lines begin with \"\(name):\"; name one by its number, as in line \(found[0] + 1)")
        }
        return found[0]
    }

    private static func splitComment(_ line: String) -> (code: String, comment: String) {
        guard let mark = line.firstRange(of: " #") else { return (line, "") }
        return (String(line[..<mark.lowerBound]), String(line[mark.lowerBound...]))
    }
}

extension PolicyVariants {
    /// The numbers to be tried, and where they stand.
    private struct Number {
        enum Kind { case duration, atMost, atLeast, factor }

        let kind: Kind
        let values: [String]
        let unit: String

        init(_ text: String) throws(Mistake) {
            var rest = text
            if rest.hasPrefix("at most ") {
                (kind, rest) = (.atMost, String(rest.dropFirst("at most ".count)))
            } else if rest.hasPrefix("at least ") {
                (kind, rest) = (.atLeast, String(rest.dropFirst("at least ".count)))
            } else {
                kind = rest.hasSuffix("*") ? .factor : .duration
            }
            // `1,5 days` is neither two numbers nor one: numbers are whole, and a list has blanks.
            let isList = rest.split(separator: ",", omittingEmptySubsequences: false).dropFirst().allSatisfy {
                $0.hasPrefix(" ")
            }
            let words = isList ? rest.replacing(",", with: " ").split(separator: " ").map(String.init) : []
            unit = words.last ?? ""
            values = Array(words.dropLast())
            let units =
                kind == .factor ? ["*"] : ["minutes", "hours", "days", "weeks", "minute", "hour", "day", "week"]
            guard units.contains(unit), !values.isEmpty, values.count <= PolicyVariants.countMax,
                values.allSatisfy({ $0.allSatisfy { $0.isNumber || $0 == "." && kind == .factor } })
            else {
                throw Mistake(
                    description: "\(PolicyVariants.forms), with at most \(PolicyVariants.countMax) numbers; found "
                        + "\"\(text)\"")
            }
        }

        var what: String {
            switch kind {
            case .duration: "duration that is no window"
            case .atMost: "\"at most\" with a duration"
            case .atLeast: "\"at least\" with a duration"
            case .factor: "factor"
            }
        }

        func text(_ value: String) -> String {
            switch kind {
            case .duration: "\(value) \(unit)"
            case .atMost: "at most \(value) \(unit)"
            case .atLeast: "at least \(value) \(unit)"
            case .factor: "\(value) *"
            }
        }

        func places(in code: String) -> [Range<String.Index>] {
            switch kind {
            case .duration:
                code.ranges(of: /[0-9]+ (?:minute|hour|day|week)s?/).filter { range in
                    // A window is what is counted, not when.
                    !code[..<range.lowerBound].hasSuffix("in last ")
                }
            case .atMost: Array(code.ranges(of: /at most [0-9]+ (?:minute|hour|day|week)s?/))
            case .atLeast: Array(code.ranges(of: /at least [0-9]+ (?:minute|hour|day|week)s?/))
            case .factor: Array(code.ranges(of: /[0-9.]+ \*/))
            }
        }
    }
}
