import Foundation
import Testing

@testable import Codecs

@Suite struct CivilDateTests {
    @Test func `counts every day of ten thousand years as the platform does`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: 0, to: 2_932_896, by: 97) {
            let date = CivilDate(daysSinceEpoch: day)
            let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            #expect((date.year, date.month, date.day) == (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
            #expect(CivilDate(year: date.year, month: date.month, day: date.day)?.daysSinceEpoch == day)
        }
        #expect(CivilDate(year: 0, month: 1, day: 1)?.daysSinceEpoch == -719_528)
        #expect(CivilDate(year: 9_999, month: 12, day: 31)?.daysSinceEpoch == 2_932_896)
    }

    @Test(arguments: [
        (2026, 2, 29), (1900, 2, 29), (2024, 2, 30), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (10_000, 1, 1), (-1, 1, 1),
    ])
    func `knows no day that there isn't`(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func `knows leap days and no time that there isn't`() {
        let day = CivilDate(year: 2000, month: 2, day: 29)
        #expect(day?.seconds(hour: 23, minute: 59, second: 59) == 951_868_799)
        for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (0, 0, 60), (-1, 0, 0)] {
            #expect(day?.seconds(hour: hour, minute: minute, second: second) == nil)
        }
    }
}
