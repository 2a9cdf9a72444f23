import CustomerLifecycle

/// Decides when people shop: more before Christmas than in August, more on Sunday evening than on Wednesday morning.
enum Seasons {
    /// The share of each month from January, in hundredths of a usual one, with sales and Christmas.
    private static let months = [112, 85, 94, 100, 98, 102, 88, 76, 100, 106, 142, 160]
    /// The share of each weekday from Monday, in hundredths of a usual one.
    private static let weekdays = [102, 96, 94, 95, 88, 104, 130]
    /// The share of each hour of the day in UTC; most customers live an hour or two ahead.
    private static let hours = [1, 1, 1, 1, 2, 5, 9, 12, 14, 15, 15, 17, 16, 14, 14, 15, 17, 20, 24, 26, 22, 14, 6, 2]

    static let saleStarts: [(month: Int, day: Int, dayCount: Int)] = [(1, 8, 28), (6, 24, 28), (11, 20, 11)]
    private static let customersSeasons: [(month: Int, day: Int, dayCount: Int)] = [
        (1, 8, 28), (3, 20, 30), (6, 10, 35), (11, 25, 27), (11, 25, 27), (11, 25, 27),
    ]

    /// Returns an instant on a busy day soon after `day`, never earlier than `day`.
    static func time(from day: CivilDate, _ chance: inout Chance) -> Instant {
        var day = day
        // The busiest day is always taken; after a week any day is.
        for _ in 0..<7 where chance.number(below: 160 * 130) >= busyness(of: day) {
            day = CivilDate(dayNumber: day.dayNumber + 1)
        }
        let hour = chance.index(weighted: hours)
        return day.midnight + Milliseconds(Int64(hour * 3_600_000 + chance.number(below: 3_600_000)))
    }

    /// Returns whether a customer who might arrive at `instant` does.
    static func isBusy(_ instant: Instant, _ chance: inout Chance) -> Bool {
        let (day, time) = CivilDate.split(instant)
        return chance.number(below: 160 * 130 * 26) < busyness(of: day) * hours[Int(time.count / 3_600_000)]
    }

    /// Returns the mean time between possible arrivals, so that `count` customers arrive in a thousand days on average.
    static func meanGap(perThousandDays count: Int) -> Milliseconds {
        let taken = months.reduce(0, +) * weekdays.reduce(0, +) * hours.reduce(0, +) / (12 * 7 * 24)
        return Milliseconds(Int64(86_400_000 * 1_000 / (160 * 130 * 26) * taken / max(1, count)))
    }

    /// Returns a day of the next sale that begins at least `apart` days after `day`.
    static func nextSale(after day: CivilDate, apart: Int, _ chance: inout Chance) -> CivilDate {
        next(of: saleStarts, after: day, apart: apart, &chance)
    }

    /// Returns a day of the `index`th season of customers, at least `apart` days after `day`.
    static func nextOwnSeason(_ index: Int, after day: CivilDate, apart: Int, _ chance: inout Chance) -> CivilDate {
        next(of: [customersSeasons[index % customersSeasons.count]], after: day, apart: apart, &chance)
    }

    private static func next(
        of seasons: [(month: Int, day: Int, dayCount: Int)], after day: CivilDate, apart: Int, _ chance: inout Chance
    ) -> CivilDate {
        let earliest = CivilDate(dayNumber: day.dayNumber + Int64(apart))
        let starts = (0...2).flatMap { years in
            seasons.compactMap { season in
                CivilDate(year: day.year + years, month: season.month, day: season.day).map { ($0, season.dayCount) }
            }
        }
        let following = starts.filter { $0.0 >= earliest }.min { $0.0 < $1.0 }
        // No season begins beyond the calendar's end.
        guard let (start, dayCount) = following else { return earliest }
        return CivilDate(dayNumber: start.dayNumber + Int64(chance.number(below: dayCount)))
    }

    private static func busyness(of day: CivilDate) -> Int { months[day.month - 1] * weekdays[day.weekday] }
}
