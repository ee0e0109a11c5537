import Testing

@testable import Sandbox

@Suite struct CivilTimeTests {
    @Test(arguments: [
        (0 as Int64, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_795_421_730, "20261123T081530Z", "Mon, 23 Nov 2026 08:15:30 GMT"), (-1, "19691231T235959Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
        (4_102_444_799, "20991231T235959Z", "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `turns seconds into both spellings and back`(seconds: Int64, compact: String, httpDate: String) {
        let time = CivilTime(secondsSinceEpoch: seconds)
        #expect(time.compact == compact)
        #expect(time.httpDate == httpDate)
        #expect(CivilTime(compact: compact)?.secondsSinceEpoch == seconds)
    }

    @Test(arguments: [
        "20260230T000000Z", "20261323T000000Z", "20261123T240000Z", "20261123T081530", "2026-11-23T08:15:30Z", "2026112３T081530Z",
    ])
    func `refuses what is no date`(text: String) {
        #expect(CivilTime(compact: text) == nil)
    }

    @Test func `always writes the fraction that the Python client wants`() {
        #expect((RunningSandbox.moment + .microseconds(7)).extendedTime == "2026-11-23T08:15:30.000007Z")
    }
}
