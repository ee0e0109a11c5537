import Testing

@testable import Policy

@Suite struct CallerAllowanceTests {
    private static let second: Int64 = 1_000_000_000

    @Test func `lets a burst through at once, then the rate, and says exactly how long to wait`() {
        let allowance = CallerAllowance()
        let start = 100 * Self.second
        for _ in 0..<5 { #expect(allowance.take(rate: 2, burst: 5, at: start) == nil) }
        #expect(allowance.take(rate: 2, burst: 5, at: start) == Self.second / 2)
        #expect(allowance.take(rate: 2, burst: 5, at: start + Self.second / 2 - 1) == 1)
        #expect(allowance.take(rate: 2, burst: 5, at: start + Self.second / 2) == nil)
        #expect(allowance.take(rate: 2, burst: 5, at: start + Self.second / 2) == Self.second / 2)
    }

    @Test func `a rate that a reload changes holds at once, for what is missing too`() {
        let allowance = CallerAllowance()
        let start = 100 * Self.second
        for _ in 0..<300 { #expect(allowance.take(rate: 1, burst: 300, at: start) == nil) }
        // A raise: the caller doesn't wait for the seconds of the old rate.
        #expect(allowance.left(rate: 100, burst: 300, at: start).requests == 0)
        #expect(allowance.left(rate: 100, burst: 300, at: start).untilFull == 3 * Self.second)
        #expect(allowance.take(rate: 100, burst: 300, at: start) == Self.second / 100)
        #expect(allowance.take(rate: 100, burst: 300, at: start + Self.second / 100) == nil)
        // And back: nothing is given away.
        #expect(allowance.take(rate: 1, burst: 300, at: start + Self.second / 50) == nil)
        #expect(allowance.take(rate: 1, burst: 300, at: start + Self.second / 50) == Self.second)
    }

    @Test func `never saves up more than a burst`() {
        let allowance = CallerAllowance()
        let late = 1_000_000 * Self.second
        let passed = (0..<100).count { _ in allowance.take(rate: 10, burst: 3, at: late) == nil }
        #expect(passed == 3)
    }

    @Test func `counts exactly when many ask at once`() async {
        let allowance = CallerAllowance()
        let passed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (0..<1_000).count { _ in allowance.take(rate: 1, burst: 500, at: 7) == nil } } }
            return await group.reduce(0, +)
        }
        #expect(passed == 500)
    }

    @Test func `keeps as many under way as may be`() {
        let allowance = CallerAllowance()
        #expect(allowance.enter(limit: 2) && allowance.enter(limit: 2))
        #expect(!allowance.enter(limit: 2))
        allowance.leave()
        #expect(allowance.enter(limit: 2))
        #expect(!allowance.enter(limit: 1), "a reload with a smaller limit holds at once")
    }

    @Test func `belongs to a name, whatever configuration is in force`() {
        let allowances = CallerAllowances()
        #expect(allowances["a"] === allowances["a"])
        #expect(allowances["a"] !== allowances["b"])
    }
}
