import Foundation
import Testing

@testable import Audit

@Suite struct TimestampTests {
    static func format(_ microseconds: Int64) -> String {
        var formatter = TimestampFormatter()
        return String(unsafeUninitializedCapacity: 64) { buffer in
            var line = LineWriter(buffer)
            formatter.write(Timestamp(microseconds: microseconds), to: &line)
            return line.count
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (1_769_903_999_000_001, "2026-01-31T23:59:59.000001Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"), (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"), (.max, "9999-12-31T23:59:59.999999Z"), (-1, "1970-01-01T00:00:00.000000Z"),
    ])
    func `formats instants as RFC 3339 in UTC with six digits`(microseconds: Int64, text: String) {
        #expect(Self.format(microseconds) == text)
    }

    @Test func `agrees with Foundation and with its own reader on instants of ten thousand years`() throws {
        let reference = ISO8601DateFormatter()
        for second in stride(from: Int64(0), to: 253_402_300_800, by: 99_999_991) {
            let text = Self.format(second * 1_000_000 + 7)
            #expect(text == reference.string(from: Date(timeIntervalSince1970: Double(second))).dropLast() + ".000007Z")
            let read = Array(text.utf8).withUnsafeBytes { Timestamp($0) }
            #expect(read?.microseconds == second * 1_000_000 + 7)
        }
    }
}
