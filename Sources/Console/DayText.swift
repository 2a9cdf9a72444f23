import CustomerLifecycle
import Service

/// Instants as people read them, in UTC: `22 May 2026`, `22 May 2026, 18:29`.
enum DayText {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    static func day(_ instant: Instant) -> String {
        let text = InstantText.writeDate(instant)
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return text }
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }

    static func minute(_ instant: Instant) -> String {
        "\(day(instant)), \(instant.rfc3339.dropFirst(11).prefix(5))"
    }
}
