/// A line for the log, before it is written.
struct LogLine: CustomStringConvertible {
    let level: Log.Level
    let sentence: String
    let values: KeyValuePairs<String, String>

    init(_ level: Log.Level, _ sentence: String, _ values: KeyValuePairs<String, String> = [:]) {
        self.level = level
        self.sentence = sentence
        self.values = values
    }

    var description: String {
        "\(level.rawValue): \(sentence)" + values.map { " \($0.key)=\($0.value)" }.joined()
    }
}
