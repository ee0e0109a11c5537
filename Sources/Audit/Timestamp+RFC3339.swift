extension Timestamp {
    /// Reads the one form that records have, `2026-01-31T23:59:59.000001Z`; nothing for any other.
    package init?(_ text: UnsafeRawBufferPointer) {
        let template: StaticString = "0000-00-00T00:00:00.000000Z"
        guard text.count == TimestampFormatter.length else { return nil }
        for position in 0..<text.count {
            let expected = template.utf8Start[position]
            guard expected == 0x30 ? (0x30...0x39).contains(text[position]) : text[position] == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int64 {
            range.reduce(0) { $0 * 10 + Int64(text[$1] - 0x30) }
        }
        let (month, day) = (number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard (1...12).contains(month), (1...Self.days(month, of: number(0..<4))).contains(day) else { return nil }
        guard hour < 24, minute < 60, second < 60 else { return nil }
        // The inverse of the formatter's reckoning: years from March, 719,468 days from 0000-03-01 to the epoch.
        let year = number(0..<4) - (month <= 2 ? 1 : 0)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(microseconds: seconds * 1_000_000 + number(20..<26))
    }

    /// How many days a month has in the Gregorian calendar.
    private static func days(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
