import Audit

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in one of the three forms that a recipient has to take.
enum RetryAfter {
    /// Longer than anybody waits; keeps every sum in bounds.
    private static let longest: Int64 = 31_536_000

    /// How long to wait; nothing for what is neither.
    ///
    /// - Parameter date: the answer's own `Date`, so that this machine's clock doesn't matter; this machine's when it has none.
    static func wait(_ text: String?, date: String?, now: Timestamp = .now()) -> Duration? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return .seconds(min(Int64(text) ?? longest, longest)) }
        guard let until = HTTPDate.seconds(text) else { return nil }
        let begin = date.flatMap(HTTPDate.seconds) ?? now.microseconds / 1_000_000
        return .seconds(min(max(until.saturatingDifference(begin), 0), longest))
    }
}

/// Dates of HTTP (RFC 9110 section 5.6.7) as seconds since 1970.
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    static func seconds(_ text: String) -> Int64? {
        guard text.utf8.count <= 40 else { return nil }
        let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }
        switch words.count {
        case 6 where words[5] == "gmt": return seconds(year: words[3], month: words[2], day: words[1], time: words[4])
        case 5: return seconds(year: words[4], month: words[1], day: words[2], time: words[3])
        default: return nil
        }
    }

    private static func seconds(year: Substring, month: Substring, day: Substring, time: Substring) -> Int64? {
        guard let month = months.firstIndex(of: String(month)), let day = Int(day), (1...31).contains(day), var year = Int(year), year >= 0 else {
            return nil
        }
        // Two digits: a year that would lie more than 50 years ahead is one of the past.
        if year < 100 { year = year < 76 ? 2_000 + year : 1_900 + year }
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        var canonical = "\(year)-\(padded(month + 1))-\(padded(day))T\(time).000000Z"
        return canonical.withUTF8 { Timestamp(UnsafeRawBufferPointer($0)) }.map { $0.microseconds / 1_000_000 }
    }
}
