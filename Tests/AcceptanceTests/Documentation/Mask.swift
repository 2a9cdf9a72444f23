/// Parts of an output that differ from run to run. Only their places are compared.
///
/// A mask also makes one blank of several, since the width of a column depends on its contents.
enum Mask: String, CaseIterable {
    /// Instants, dates with a time behind them, and how long something took.
    case times
    /// Amounts a second.
    case rates
    /// Absolute paths.
    case paths
    /// Every number.
    case numbers

    func applied(to line: String) -> String {
        let masked: String
        switch self {
        case .times:
            masked = line.replacing(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/, with: "TIME")
                .replacing(/\b[\d.,]+ (ms|s|min|h)\b/, with: "TIME")
        case .rates: masked = line.replacing(#/[\d.,]+( [a-z]+)?/s\b/#, with: "RATE")
        case .paths: masked = line.replacing(#/(^|\s)(/[\w.-]+)+/#) { "\($0.1)PATH" }
        case .numbers: masked = line.replacing(/\d[\d,.]*/, with: "N")
        }
        return masked.replacing(#/ +/#, with: " ")
    }
}
