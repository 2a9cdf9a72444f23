/// Writes the progress of long work: a bar redrawn in place for a person, a line at intervals for a file.
///
/// The caller passes the time, so that a test needs no clock.
package struct ProgressLine {
    package static let redrawInterval = Duration.milliseconds(100)
    package static let lineInterval = Duration.seconds(5)
    /// Before that a rate says little, and what is left by it nothing: the first records wait for what opens the log.
    private static let measuredAfter = Duration.seconds(1)
    private static let barColumnCount = 16

    package let title: String
    /// The plural of what is counted: `rows`, `events`.
    package let unit: String
    package let total: Int?
    private let isInteractive: Bool
    private let columnCount: Int
    private var drawnAt: Duration?

    package init(_ title: String, unit: String, total: Int?, isInteractive: Bool, columnCount: Int = 80) {
        self.title = title
        self.unit = unit
        self.total = total
        self.isInteractive = isInteractive
        self.columnCount = columnCount
    }

    /// Returns what to write, or nil where it is too soon. `elapsed` is the time since the work began.
    package mutating func advanced(to done: Int, after elapsed: Duration) -> String? {
        let interval = isInteractive ? Self.redrawInterval : Self.lineInterval
        // Work that ends soon leaves no line in a file; a person sees the bar at once.
        let isDue = drawnAt.map { elapsed >= $0 + interval } ?? (isInteractive || elapsed >= interval)
        guard isDue else { return nil }
        drawnAt = elapsed
        return isInteractive ? "\r\(line(done, elapsed))\u{1B}[K" : "\(line(done, elapsed))\n"
    }

    /// Returns what to write when the work is over. It erases the bar, so that only the result stays.
    package func finished() -> String { isInteractive && drawnAt != nil ? "\r\u{1B}[K" : "" }

    private func line(_ done: Int, _ elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let isMeasured = elapsed >= Self.measuredAfter
        let speed = isMeasured ? "\(Rough(rate))/s  " : ""
        guard let total, total > 0 else {
            return shortened("\(title)  \(Grouped(done)) \(unit)" + (isMeasured ? "  \(Rough(rate))/s" : ""))
        }
        let done = min(done, total)
        let left = isMeasured && rate > 0 && done > 0 ? "\(timeLeft(Double(total - done) / rate)) left  " : ""
        let share = Double(done) / Double(total)
        let filled = Int(share * Double(Self.barColumnCount))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barColumnCount - filled)
        let percent = TextWidth.padded("\(Int(share * 100)) %", to: 5, atRight: true)
        let count = "\(Grouped(done)) of \(Grouped(total)) \(unit)"
        // What matters least comes last, where a narrow terminal cuts.
        return shortened("\(title)  \(bar) \(percent)  \(left)\(speed)\(count)")
    }

    private func timeLeft(_ seconds: Double) -> String {
        // A rate measured over a short time can give centuries.
        guard seconds < 360_000 else { return "days" }
        let seconds = Int(seconds.rounded(.up))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3_600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3_600) h \(seconds / 60 % 60) min"
    }

    /// Cuts the line to the terminal's width, because a bar that wraps cannot be redrawn in place.
    private func shortened(_ line: String) -> String {
        isInteractive ? TextWidth.cut(line, to: columnCount - 1) : line
    }
}
