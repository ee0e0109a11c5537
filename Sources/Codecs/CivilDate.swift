/// A day of the Gregorian calendar, which is assumed to have begun before any date used here.
///
/// Years are counted from March, so that the leap day ends one and the months before it have a regular pattern: no table of months is needed.
package struct CivilDate: Sendable, Hashable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int

    /// From 0000-03-01 to 1970-01-01.
    private static let daysBeforeEpoch = 719_468
    /// In a cycle of 400 years.
    private static let daysPerCycle = 146_097

    /// - Parameter daysSinceEpoch: days since 1970-01-01, not negative.
    package init(daysSinceEpoch: Int) {
        let days = daysSinceEpoch + Self.daysBeforeEpoch
        let (cycle, dayOfCycle) = days.quotientAndRemainder(dividingBy: Self.daysPerCycle)
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
    }

    /// Nil if there is no such day.
    /// - Parameter year: 0 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9_999).contains(year), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01; negative before.
    package var daysSinceEpoch: Int {
        // January and February of the year 0 belong to a cycle before the first, which is counted as a cycle of its own.
        let shifted = (month <= 2 ? year - 1 : year) + 400
        let yearOfCycle = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = (shifted / 400 - 1) * Self.daysPerCycle + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return days - Self.daysBeforeEpoch
    }

    /// Seconds since 1970-01-01T00:00:00Z of a time on this day, leap seconds not counted; nil if there is no such time.
    package func seconds(hour: Int, minute: Int, second: Int) -> Int64? {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { return nil }
        return Int64(daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
