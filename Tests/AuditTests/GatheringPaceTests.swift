import Testing

@testable import Audit

@Suite struct GatheringPaceTests {
    private let start = ContinuousClock.now

    @Test(arguments: 0..<GatheringPace.smallestWave)
    func `lets those go at once who come alone, or nearly`(served: Int) {
        var pace = GatheringPace()
        pace.begin(waiters: served)
        #expect(pace.pause(waiters: 1, now: start) == nil)
    }

    @Test func `waits for as many as the last sync served, but no longer than the bound`() {
        var pace = GatheringPace()
        pace.begin(waiters: 8)
        #expect(pace.pause(waiters: 3, now: start) == GatheringPace.longestPause)
        #expect(pace.pause(waiters: 5, now: start + .microseconds(100)) == GatheringPace.longestPause - .microseconds(100))
        #expect(pace.pause(waiters: 8, now: start + .microseconds(100)) == nil)
        #expect(pace.pause(waiters: 5, now: start + GatheringPace.longestPause) == nil)
    }

    @Test func `expects fewer when fewer came`() {
        var pace = GatheringPace()
        pace.begin(waiters: 8)
        pace.begin(waiters: 5)
        #expect(pace.pause(waiters: 5, now: start) == nil)
    }
}
