import Processor

/// The text that Prometheus reads (its exposition format, version 0.0.4).
enum Exposition {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    static func text(_ reading: ExposedReading) -> String {
        var text = ""
        for metric in ExposedMetric.table {
            let samples = metric.samples(reading)
            guard !samples.isEmpty else { continue }
            text += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n"
            text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in samples {
                let labels = zip(metric.labels, sample.labels).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
                switch sample.value {
                case .number(let value): text += line(metric.name, labels, value)
                case .distribution(let distribution): text += lines(metric.name, labels, distribution)
                }
            }
        }
        return text
    }

    private static func line(_ name: String, _ labels: [String], _ value: Double) -> String {
        let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        return "\(name)\(list) \(number(value))\n"
    }

    /// Each range is counted with those before it.
    private static func lines(_ name: String, _ labels: [String], _ distribution: Distribution) -> String {
        var text = ""
        var count = 0
        for (bound, more) in zip(distribution.bounds.map(number) + ["+Inf"], distribution.counts) {
            count += more
            text += line(name + "_bucket", labels + ["le=\"\(bound)\""], Double(count))
        }
        return text + line(name + "_sum", labels, distribution.sum) + line(name + "_count", labels, Double(count))
    }

    private static func number(_ value: Double) -> String {
        Double(Int64(value)) == value ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
