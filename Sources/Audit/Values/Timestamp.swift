internal import Codecs
internal import Glibc

/// A point in time as in the journal: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since the epoch.
    package let microseconds: Int64

    /// The last instant with a four-digit year, which is the limit of RFC 3339: 9999-12-31T23:59:59.999999Z.
    private static let latestMicroseconds: Int64 = 253_402_300_799_999_999

    /// Makes a timestamp; instants RFC 3339 cannot write are moved to the nearest it can (a clock that far off must not stop the audit).
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, 0), Self.latestMicroseconds)
    }

    /// The machine's wall clock.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// The time of a file (`timespec`), since the epoch; nil for one that doesn't fit into 64 bits of microseconds.
    init?(fileSeconds seconds: Int, nanoseconds: Int) {
        let (microseconds, isTooLarge) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
        guard !isTooLarge else { return nil }
        self.init(microseconds: microseconds.saturatingSum(Int64(nanoseconds) / 1_000))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The time that passed since an earlier timestamp, negative when the clock was set back in between.
    package func since(_ earlier: Timestamp) -> Duration {
        .microseconds(microseconds - earlier.microseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// As in a record: RFC 3339 in UTC with six digits.
    package var description: String {
        String(unsafeUninitializedCapacity: TimestampFormatter.length) { buffer in
            var line = LineWriter(buffer)
            var formatter = TimestampFormatter()
            formatter.write(self, to: &line)
            return line.count
        }
    }
}

extension Timestamp {
    /// Reads the one form that records have, `2026-01-31T23:59:59.000001Z`; nil for any other.
    package init?(_ text: UnsafeRawBufferPointer) {
        let template: StaticString = "0000-00-00T00:00:00.000000Z"
        guard text.count == TimestampFormatter.length else { return nil }
        for position in 0..<text.count {
            let expected = template.utf8Start[position]
            guard expected == 0x30 ? (0x30...0x39).contains(text[position]) : text[position] == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int {
            range.reduce(0) { $0 * 10 + Int(text[$1] - 0x30) }
        }
        let date = CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        guard let seconds = date?.seconds(hour: number(11..<13), minute: number(14..<16), second: number(17..<19)) else { return nil }
        self.init(microseconds: seconds * 1_000_000 + Int64(number(20..<26)))
    }
}
