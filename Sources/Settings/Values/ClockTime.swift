/// A time of the day, written `08:00`; `24:00` is the day's end.
package struct ClockTime: Sendable, Hashable, CustomStringConvertible {
    /// A fixed distance from UTC, written `+08:00`, or `UTC`.
    package struct ZoneOffset: Sendable, Hashable, CustomStringConvertible {
        /// The world's time zones are between -12:00 and +14:00.
        private static let bounds = -12 * 60...14 * 60

        /// Minutes ahead of UTC.
        package let minutes: Int

        static let utc = ZoneOffset(minutes: 0)

        private init(minutes: Int) { self.minutes = minutes }

        init?(text: String) {
            if text == "UTC" || text == "Z" {
                minutes = 0
                return
            }
            guard let sign = text.first, sign == "+" || sign == "-", let distance = ClockTime.minutes(String(text.dropFirst())) else { return nil }
            minutes = sign == "-" ? -distance : distance
            guard Self.bounds.contains(minutes) else { return nil }
        }

        package var description: String {
            minutes == 0 ? "UTC" : (minutes < 0 ? "-" : "+") + ClockTime.text(abs(minutes))
        }
    }

    /// Minutes from midnight, 0...1440.
    package let minutes: Int

    init(minutes: Int) { self.minutes = minutes }

    init?(text: String) {
        guard let minutes = Self.minutes(text), minutes <= 1_440 else { return nil }
        self.minutes = minutes
    }

    /// The minutes of `HH:MM`.
    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isASCIIDigit) }
        guard parts.count == 2, areDigits, let hours = Int(parts[0]), let minutes = Int(parts[1]), hours <= 24, minutes < 60 else { return nil }
        return hours * 60 + minutes
    }

    package var description: String { Self.text(minutes) }

    static func text(_ minutes: Int) -> String {
        let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    }
}
