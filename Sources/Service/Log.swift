import CommandLine
import CustomerLifecycle
import Wire

/// Writes messages for operators: one line per unusual event, with its values beside the sentence, as text or as JSON.
struct Log {
    enum Level: String, Sendable {
        case note
        case warning
        case failure
    }

    let style: LogStyle
    let output: FileOutput
    /// Returns the present time.
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
            let members = [("time", time), ("level", level.rawValue), ("message", sentence)]
            var line = JSONWriter()
            line.beginObject()
            for (name, value) in members + values.map({ ($0.key, $0.value) }) {
                line.name(name)
                line.value(value)
            }
            line.endObject()
            line.endLine()
            output.write(line.text)
        }
    }

    /// Puts the value in quotes where a reader could not see its end.
    private static func worded(_ value: String) -> String {
        let isClear = !value.isEmpty && !value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return isClear ? Printable(value).description : "\"\(Printable(value.replacing("\"", with: "\\\"")))\""
    }
}
