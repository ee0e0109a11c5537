import Audit
import Codecs

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in one of the three formats that a recipient must
/// accept.
enum RetryAfter {
    /// The upper bound, so that sums can't overflow.
    private static let longest: Int64 = 31_536_000

    /// How long to wait; nil for a value that is neither.
    ///
    /// - Parameter date: the answer's own `Date`, so that this machine's clock doesn't matter; without one this machine's clock
    ///   is used.
    static func wait(_ text: String?, date: String?, now: Timestamp = .now()) -> Duration? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return .seconds(min(Int64(text) ?? longest, longest)) }
        guard let until = HTTPDate.seconds(text) else { return nil }
        let begin = date.flatMap(HTTPDate.seconds) ?? now.microseconds / 1_000_000
        return .seconds(min(max(until.saturatingDifference(begin), 0), longest))
    }
}
