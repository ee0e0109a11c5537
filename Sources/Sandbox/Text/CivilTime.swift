/// A moment in UTC, split into calendar fields, with the three spellings that HSS and IAM use.
struct CivilTime: Equatable, Sendable {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64

    private static let secondsPerDay: Int64 = 86_400
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Splits seconds since 1970-01-01T00:00:00Z; the proleptic Gregorian calendar counted in eras of 400 years.
    init(secondsSinceEpoch: Int64) {
        let days = secondsSinceEpoch.flooredQuotient(by: Self.secondsPerDay)
        let secondOfDay = secondsSinceEpoch - days * Self.secondsPerDay
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
    }

    /// Reads `YYYYMMDDTHHMMSSZ`, the form of `X-Sdk-Date` (signing page, section 4.3); anything else is nil.
    init?(compact text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15)
        else { return nil }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
        // The round trip refuses 30 February, which the range checks above accept.
        guard CivilTime(secondsSinceEpoch: secondsSinceEpoch) == self else { return nil }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    var secondsSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooredQuotient(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * Self.secondsPerDay + hour * 3_600 + minute * 60 + second
    }

    /// `20261123T081530Z`.
    var compact: String {
        "\(year.padded(4))\(month.padded(2))\(day.padded(2))T\(hour.padded(2))\(minute.padded(2))\(second.padded(2))Z"
    }

    /// `2026-11-23T08:15:30.123456Z`: IAM always sends the fraction, and the Python SDK fails without it.
    func extended(microseconds: Int64) -> String {
        "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))T\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))"
            + ".\(microseconds.padded(6))Z"
    }

    /// `Mon, 23 Nov 2026 08:15:30 GMT` (RFC 9110, section 5.6.7).
    var httpDate: String {
        let days = secondsSinceEpoch.flooredQuotient(by: Self.secondsPerDay)
        let weekday = Self.weekdays[Int(days - days.flooredQuotient(by: 7) * 7)]
        let name = Self.months[Int(month) - 1]
        return "\(weekday), \(day.padded(2)) \(name) \(year.padded(4)) \(hour.padded(2)):\(minute.padded(2)):\(second.padded(2)) GMT"
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, as calendars need for days before 1970.
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// The decimal digits, filled with zeros on the left.
    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
