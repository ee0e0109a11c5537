import Testing

@testable import Credentials

@Suite struct ClockTests {
    /// 2026-11-23T08:15:30Z.
    private static let moment: Int64 = 1_795_421_730

    /// An estimate after answers of a cloud whose clock is `ahead` of ours, one every `interval` with 40 ms of round trip.
    private static func estimate(ahead: Duration, answers: Int = 20) -> ClockEstimate {
        var estimate = ClockEstimate()
        for index in 0..<answers {
            let sent = Duration.seconds(moment) + .milliseconds(730 * index)
            let date = (sent + .milliseconds(20) + ahead).components.seconds
            estimate.observe(date: date, sent: sent, received: sent + .milliseconds(40), isSuspect: false)
        }
        return estimate
    }

    @Test(arguments: [0, 100, 400]) func `corrects nothing that a whole second can't show`(milliseconds: Int) {
        #expect(abs(Self.estimate(ahead: .milliseconds(milliseconds)).offset) <= 600_000)
        #expect(Self.estimate(ahead: .zero).offset == 0)
    }

    @Test(arguments: [-3_600, -61, -2, 2, 75, 901, 86_400]) func `finds the offset to a fraction of a second`(seconds: Int) {
        let offset = Self.estimate(ahead: .seconds(seconds)).offset
        #expect(abs(offset - Int64(seconds) * 1_000_000) < 600_000, "\(offset)")
    }

    @Test func `signs by the first answer that refuses a signature, and believes it once others agree`() {
        var estimate = ClockEstimate()
        let sent = Duration.seconds(Self.moment)
        for number in 1...3 {
            estimate.observe(date: Self.moment + 1_200, sent: sent, received: sent + .milliseconds(5), isSuspect: number == 1)
            #expect(abs(estimate.offset - 1_200_500_000) < 600_000)
            #expect((estimate.confirmedOffset == 0) == (number < 3) && estimate.isUndecided == (number < 3), "\(number)")
        }
    }

    @Test(arguments: [true, false]) func `forgets a refusal's date that the next answer contradicts`(isKnown: Bool) {
        var estimate = isKnown ? Self.estimate(ahead: .seconds(75)) : ClockEstimate()
        let (sent, before) = (Duration.seconds(Self.moment), estimate.offset)
        estimate.observe(date: Self.moment + 1_200, sent: sent, received: sent, isSuspect: true)
        #expect(abs(estimate.offset - 1_200_500_000) < 600_000 && estimate.confirmedOffset == before)
        estimate.observe(date: Self.moment + (isKnown ? 75 : 0), sent: sent, received: sent, isSuspect: false)
        #expect(abs(estimate.offset - before) < 600_000 && abs(estimate.confirmedOffset - before) < 600_000 && !estimate.isUndecided)
    }

    /// One of them is wrong; the other one's answers must not be those that nobody looks at.
    @Test func `hears both of two endpoints that disagree`() {
        let offset = ClockOffset()
        for index in 0..<20 {
            let received = Duration.milliseconds(Self.moment * 1_000 + Int64(index) * 300)
            guard offset.wantsObservation(receivedMicroseconds: received.microseconds, isSuspect: false) else { continue }
            let date = received.components.seconds + (index.isMultiple(of: 2) ? 1_200 : 0)
            offset.observe(seconds: date, sent: received, received: received, isSuspect: false)
        }
        #expect(offset.microseconds == 0 && offset.duration == .zero)
    }

    @Test func `doesn't follow one answer that contradicts all others, and follows three`() {
        var estimate = Self.estimate(ahead: .zero)
        let sent = Duration.seconds(Self.moment + 60)
        estimate.observe(date: Self.moment - 86_400, sent: sent, received: sent, isSuspect: false)
        #expect(estimate.offset == 0)
        for _ in 0..<2 {
            estimate.observe(date: Self.moment + 60 + 300, sent: sent, received: sent, isSuspect: false)
            #expect(estimate.offset == 0, "the first contradicts the one before it, and two may be wrong")
        }
        estimate.observe(date: Self.moment + 60 + 300, sent: sent, received: sent, isSuspect: false)
        #expect(abs(estimate.offset - 300_500_000) < 600_000)
    }

    /// The first answer is no better than any other, and an impossible date changes nothing.
    @Test func `believes no single answer, and no date that can't be`() {
        let sent = Duration.seconds(Self.moment)
        for (date, isSuspect) in [(Self.moment + 86_400, false), (253_402_300_799, false), (253_402_300_799, true), (0, true)] {
            var estimate = ClockEstimate()
            estimate.observe(date: date, sent: sent, received: sent, isSuspect: isSuspect)
            #expect(estimate.offset == 0)
            estimate.observe(date: Self.moment, sent: sent, received: sent, isSuspect: false)
            #expect(estimate.offset == 0)
        }
        var estimate = ClockEstimate()
        for number in 1...3 {
            estimate.observe(date: Self.moment + 900, sent: sent, received: sent, isSuspect: false)
            #expect((estimate.offset == 0) == (number < 3), "\(number)")
        }
    }

    @Test func `learns nothing from an answer that took long`() {
        var estimate = ClockEstimate()
        estimate.observe(date: Self.moment + 500, sent: .seconds(Self.moment), received: .seconds(Self.moment + 31), isSuspect: false)
        #expect(estimate.offset == 0)
    }

    @Test func `signs by the cloud's clock`() {
        let offset = ClockOffset()
        #expect(offset.wantsObservation(receivedMicroseconds: 5, isSuspect: false))
        offset.observe(seconds: Self.moment + 1_200, sent: .seconds(Self.moment), received: .seconds(Self.moment), isSuspect: true)
        #expect(offset.signingTime(wallMicroseconds: Self.moment * 1_000_000).secondsSinceEpoch == Self.moment + 1_200)
        #expect(offset.duration == .zero && offset.wantsObservation(receivedMicroseconds: Self.moment * 1_000_000 + 1_000, isSuspect: false))
        for _ in 1...2 {
            offset.observe(seconds: Self.moment + 1_200, sent: .seconds(Self.moment), received: .seconds(Self.moment), isSuspect: false)
        }
        #expect(offset.duration > .seconds(1_199))
        #expect(!offset.wantsObservation(receivedMicroseconds: Self.moment * 1_000_000 + 1_000, isSuspect: false))
        #expect(offset.wantsObservation(receivedMicroseconds: Self.moment * 1_000_000 + 1_000, isSuspect: true))
        #expect(offset.wantsObservation(receivedMicroseconds: Self.moment * 1_000_000 + 600_000, isSuspect: false))
    }

    @Test(
        arguments: [
            ("2026-11-23T08:15:30.701000Z", moment), ("2026-11-23T08:15:30Z", moment), ("2026-11-23T08:15:30+00:00", moment),
            ("1970-01-01T00:00:00Z", 0), ("2024-02-29T23:59:59.999Z", 1_709_251_199), ("2026-11-23T08:15:30", nil), ("2026-11-23", nil),
            ("2026-13-23T08:15:30Z", nil), ("2026-11-23T25:15:30Z", nil), ("20x6-11-23T08:15:30Z", nil), ("", nil),
        ] as [(String, Int64?)])
    func `reads the services' dates with and without a fraction`(text: String, seconds: Int64?) {
        #expect(ServiceTime.seconds(iso: text) == seconds)
    }

    @Test(
        arguments: [
            ("Mon, 23 Nov 2026 08:15:30 GMT", moment), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Mon, 23 Foo 2026 08:15:30 GMT", nil),
            ("Mon, 23 Nov 2026 08:15:30 UTC", nil), ("Monday, 23-Nov-26 08:15:30 GMT", nil), ("", nil),
        ] as [(String, Int64?)])
    func `reads the date of an answer`(text: String, seconds: Int64?) {
        #expect(ServiceTime.seconds(http: text) == seconds)
    }
}
