import CommandLine
import CustomerLifecycle

/// A length of time in its largest whole unit: `91 days`, `5 hours`, `1 minute`, `0 seconds`. It is rounded down: a
/// silence of 91.9 days is not yet one of 92.
struct Lasting: CustomStringConvertible {
    let description: String

    init(_ length: Milliseconds) {
        let units: [(count: UInt64, name: String)] = [
            (86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"),
        ]
        let magnitude = length.count.magnitude
        let unit = units.first { magnitude >= $0.count } ?? (1_000, "second")
        let count = magnitude / unit.count
        description = "\(length.count < 0 && count > 0 ? "-" : "")\(Counted(count, unit.name))"
    }
}
