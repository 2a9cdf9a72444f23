import CustomerLifecycle

enum LogStyle: String, CaseIterable, Sendable {
    case text
    case json
}

/// Messages for operators: one line per unusual event, with its values beside the sentence, as text or as JSON.
struct Log {
    enum Level: String, Sendable {
        case note
        case warning
        case failure
    }

    let style: LogStyle
    let output: Output
    /// The present, told by whoever has a clock.
    let now: () -> Instant

    func note(_ sentence: String, _ values: KeyValuePairs<String, String> = [:]) { write(.note, sentence, values) }

    func warning(_ sentence: String, _ values: KeyValuePairs<String, String> = [:]) {
        write(.warning, sentence, values)
    }

    func failure(_ sentence: String, _ values: KeyValuePairs<String, String> = [:]) {
        write(.failure, sentence, values)
    }

    private func write(_ level: Level, _ sentence: String, _ values: KeyValuePairs<String, String>) {
        let time = InstantText.write(now())
        switch style {
        case .text:
            let pairs = values.map { " \($0.key)=\(Self.worded($0.value))" }.joined()
            output.write("\(time) \(level.rawValue): \(Printable(sentence))\(pairs)\n")
        case .json:
            let pairs =
                [("time", time), ("level", level.rawValue), ("message", sentence)] + values.map { ($0.key, $0.value) }
            let fields = pairs.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }
            output.write("{\(fields.joined(separator: ","))}\n")
        }
    }

    /// In quotes where a reader could not see the value's end.
    private static func worded(_ value: String) -> String {
        value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
            ? quoted(value) : Printable(value).description
    }

    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "\"") { quoted, scalar in
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        } + "\""
    }
}
