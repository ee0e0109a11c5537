internal import Codecs

/// Writes RFC 3339 in UTC with six digits, `2026-01-31T23:59:59.000001Z`, and keeps the part up to the second, which thousands of
/// consecutive records share.
struct TimestampFormatter: Sendable {
    /// The length of every formatted timestamp in bytes.
    static let length = 27

    private var second: Int64 = -1
    private var prefix: [UInt8] = Array("0000-00-00T00:00:00".utf8)

    /// Appends the timestamp without quotes.
    mutating func write(_ time: Timestamp, to line: inout LineWriter) {
        let (second, fraction) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        if second != self.second {
            self.second = second
            renewPrefix()
        }
        line.put(prefix)
        line.put(byte: UInt8(ascii: "."))
        line.put(digits: UInt64(fraction), width: 6)
        line.put(byte: UInt8(ascii: "Z"))
    }

    private mutating func renewPrefix() {
        let (day, secondOfDay) = second.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSinceEpoch: Int(day))
        let time = Int(secondOfDay)
        put(date.year, width: 4, at: 0)
        put(date.month, width: 2, at: 5)
        put(date.day, width: 2, at: 8)
        put(time / 3_600, width: 2, at: 11)
        put(time / 60 % 60, width: 2, at: 14)
        put(time % 60, width: 2, at: 17)
    }

    private mutating func put(_ number: Int, width: Int, at position: Int) {
        var rest = number
        for index in (position..<position + width).reversed() {
            prefix[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
