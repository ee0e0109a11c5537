/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in one of the three formats that a recipient must accept.
package enum RetryAfter {
    /// The upper bound, so that sums can't overflow.
    private static let longest: Int64 = 31_536_000

    /// How many seconds to wait; nil for a value that is neither.
    ///
    /// - Parameters:
    ///   - date: the answer's own `Date`, so that this machine's clock doesn't matter.
    ///   - now: this machine's clock, seconds since 1970, for an answer without one.
    package static func seconds(_ text: String?, date: String?, now: Int64) -> Int64? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return min(Int64(text) ?? longest, longest) }
        guard let until = HTTPDate.seconds(text) else { return nil }
        // Bounded: a date has four digits of a year, and a clock counts seconds.
        return min(max(until - (date.flatMap(HTTPDate.seconds) ?? now), 0), longest)
    }
}
