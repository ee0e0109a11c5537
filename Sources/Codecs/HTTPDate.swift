/// Dates in HTTP's formats (RFC 9110 section 5.6.7).
package enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// Longer than any of the three forms, bytes.
    private static let longest = 40

    /// Writes `Mon, 23 Nov 2026 08:15:30 GMT`.
    /// - Parameter seconds: since 1970, not negative.
    package static func text(_ seconds: Int) -> String {
        let (day, time) = max(0, seconds).quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(padded(time / 3_600)):\(padded(time / 60 % 60)):\(padded(time % 60))"
        // 1970-01-01 was a Thursday.
        return "\(days[(day + 4) % 7]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) \(clock) GMT"
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov 6 08:49:37 1994`: the three forms that a recipient has to
    /// accept.
    /// - Returns: seconds since 1970; nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        guard text.utf8.count <= longest else { return nil }
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        switch words.count {
        case 6 where words[5].lowercased() == "gmt": return seconds(year: words[3], month: words[2], day: words[1], time: words[4])
        case 5: return seconds(year: words[4], month: words[1], day: words[2], time: words[3])
        default: return nil
        }
    }

    private static func seconds(year: Substring, month: Substring, day: Substring, time: Substring) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let month = months.firstIndex(where: { $0.lowercased() == month.lowercased() }), let day = Int(day), var year = Int(year), year >= 0,
            clock.count == 3, clock.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(clock[0]), let minute = Int(clock[1]), let second = Int(clock[2])
        else { return nil }
        // Two digits: a year that would be more than 50 years ahead is in the past.
        if year < 100 { year = year < 76 ? 2_000 + year : 1_900 + year }
        return CivilDate(year: year, month: month + 1, day: day)?.seconds(hour: hour, minute: minute, second: second)
    }
}
