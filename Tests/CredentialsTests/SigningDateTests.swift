import Foundation
import Testing

@testable import Credentials

@Suite struct SigningDateTests {
    @Test(
        arguments: [
            (0, "19700101T000000Z"), (951_782_399, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
            (1_709_251_199, "20240229T235959Z"),
            (1_795_421_730, "20261123T081530Z"), (4_107_542_400, "21000301T000000Z"), (253_402_300_799, "99991231T235959Z"),
            (253_402_300_800, "99991231T235959Z"), (-1, "19700101T000000Z"),
        ] as [(Int64, String)])
    func `writes UTC`(seconds: Int64, text: String) {
        #expect(Self.text(seconds) == text)
    }

    @Test func `agrees with the system's calendar on every day of four centuries`() {
        for day in stride(from: Int64(0), to: 146_097, by: 1) {
            var seconds = time_t(day * 86_400 + day % 86_400)
            var fields = tm()
            gmtime_r(&seconds, &fields)
            var buffer = [CChar](repeating: 0, count: 32)
            strftime(&buffer, buffer.count, "%Y%m%dT%H%M%SZ", &fields)
            let expected = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            guard Self.text(Int64(seconds)) == expected else {
                Issue.record("\(seconds) is \(expected), not \(Self.text(Int64(seconds)))")
                return
            }
        }
    }

    private static func text(_ seconds: Int64) -> String {
        let date = SigningDate(SigningTime(secondsSinceEpoch: seconds))
        return String(decoding: CanonicalText.bytes(capacity: 16) { $0.append(date) }, as: UTF8.self)
    }
}
