import Testing

@testable import Credentials

@Suite struct RenewalScheduleTests {
    private static let hour = Duration.seconds(3_600)

    /// One with material of an hour, obtained at zero.
    private static func holding(chance: Double = 0) -> Schedule {
        let schedule = Schedule()
        _ = schedule.begins(at: .zero)
        schedule.succeeded(at: .zero, lifetime: hour, chance: chance)
        return schedule
    }

    @Test func `the first request begins the one attempt, all others join it`() {
        let schedule = Schedule()
        #expect(schedule.demand(at: .zero) == .join(begins: true))
        for _ in 0..<200 { #expect(schedule.demand(at: .zero) == .join(begins: false)) }
        let again = schedule.begins(at: .seconds(5))
        #expect(!again)
    }

    @Test(arguments: [(0.0, 2_520), (0.5, 2_790), (1.0, 3_060)])
    func `renews at a part of the lifetime that chance decides`(chance: Double, second: Int) {
        let schedule = Self.holding(chance: chance)
        let early = schedule.begins(at: .seconds(second - 1))
        let due = schedule.begins(at: .seconds(second))
        #expect(!early && due)
        #expect(schedule.demand(at: .seconds(second)) == .use, "nobody waits for an early renewal")
    }

    @Test func `uses what is at hand until it ends and never after, whoever fails meanwhile`() {
        let schedule = Self.holding()
        for second in stride(from: 2_520, to: 3_600, by: 20) {
            let now = Duration.seconds(second)
            if schedule.begins(at: now) { schedule.failed(at: now, isRefusal: false, wait: nil, chance: 0.5) }
            #expect(schedule.demand(at: now) == .use)
        }
        guard case .refuse(let retryAfter) = schedule.demand(at: Self.hour) else {
            Issue.record("used after its end")
            return
        }
        #expect(retryAfter >= .seconds(1) && retryAfter <= .seconds(13))
    }

    @Test func `the lifetime counts from the attempt's start`() {
        let schedule = Schedule()
        _ = schedule.begins(at: .seconds(100))
        schedule.succeeded(at: .seconds(110), lifetime: .seconds(60), chance: 0)
        #expect(schedule.isValid(at: .seconds(159)))
        #expect(!schedule.isValid(at: .seconds(160)))
    }

    @Test func `after a failure nobody waits, and attempts are seconds apart`() {
        let schedule = Schedule()
        var attempts = 0
        for tenth in 0..<600 {
            let now = Duration.milliseconds(100 * tenth)
            if tenth > 0 {
                guard case .refuse(let retryAfter) = schedule.demand(at: now) else {
                    Issue.record("somebody waits at \(now)")
                    return
                }
                #expect(retryAfter >= .seconds(1))
            }
            if schedule.begins(at: now) {
                attempts += 1
                schedule.failed(at: now, isRefusal: false, wait: nil, chance: 0)
            }
        }
        #expect((6...12).contains(attempts), "\(attempts) in a minute")
    }

    @Test func `waits as long as the service asks`() {
        let schedule = Schedule()
        _ = schedule.begins(at: .zero)
        schedule.failed(at: .zero, isRefusal: false, wait: .seconds(30), chance: 1)
        let (early, late) = (schedule.begins(at: .seconds(29)), schedule.begins(at: .seconds(30)))
        #expect(!early && late)
    }

    @Test func `a refused secret is not sent again, however long one waits`() {
        let schedule = Schedule()
        _ = schedule.begins(at: .zero)
        schedule.failed(at: .zero, isRefusal: true, wait: nil, chance: 0)
        for hours in 1...48 {
            let begins = schedule.begins(at: .seconds(3_600 * hours))
            #expect(!begins)
            #expect(schedule.demand(at: .seconds(3_600 * hours)) == .refuse(retryAfter: .seconds(60)))
        }
    }

    @Test func `replaced secrets are tried at once, but no more than three wrong ones in a quarter of an hour`() {
        let schedule = Schedule()
        for second in [0, 10, 20] {
            let begins = schedule.begins(at: .seconds(second))
            #expect(begins)
            schedule.failed(at: .seconds(second), isRefusal: true, wait: nil, chance: 0)
            schedule.inputsChanged(at: .seconds(second + 5))
        }
        let (early, late) = (schedule.begins(at: .seconds(899)), schedule.begins(at: .seconds(900)))
        #expect(!early && late)
    }

    @Test func `a token that HSS refused is replaced at once, and everybody joins`() {
        let schedule = Self.holding()
        schedule.rejected()
        #expect(schedule.demand(at: .seconds(50)) == .join(begins: true))
        for _ in 0..<200 {
            schedule.rejected()
            #expect(schedule.demand(at: .seconds(50)) == .join(begins: false))
        }
    }

    @Test func `a token that is refused soon after it was obtained is replaced within the second`() {
        let schedule = Self.holding()
        schedule.rejected()
        #expect(schedule.demand(at: .milliseconds(200)) == .join(begins: false))
        #expect(schedule.begins(at: .seconds(1)))
    }

    @Test func `while every new token is refused too, there is at most one attempt a second, then ever fewer`() {
        let schedule = Self.holding()
        var attempts: [Duration] = []
        for tenth in 100..<3_100 {
            let now = Duration.milliseconds(100 * tenth)
            schedule.rejected()
            var begins = false
            if case .join(true) = schedule.demand(at: now) { begins = true } else { begins = schedule.begins(at: now) }
            if begins {
                attempts.append(now)
                schedule.succeeded(at: now, lifetime: Self.hour, chance: 0)
            }
        }
        #expect(zip(attempts, attempts.dropFirst()).allSatisfy { $1 - $0 >= .seconds(1) })
        #expect(attempts.count <= 11, "\(attempts.count) in five minutes")
    }

    @Test func `one that HSS took and then refuses is replaced within a second, however soon that is and however often`() {
        let schedule = Self.holding()
        var now = Duration.seconds(100)
        for _ in 0..<50 {
            schedule.rejected(wasAccepted: true)
            guard case .join(let begins) = schedule.demand(at: now) else {
                Issue.record("not waited for")
                return
            }
            if !begins {
                now += .seconds(1)
                #expect(schedule.begins(at: now))
            }
            schedule.succeeded(at: now, lifetime: Self.hour, chance: 0)
            now += .milliseconds(300)
        }
    }

    @Test func `one that was refused is used again when nothing better can be had`() {
        let schedule = Self.holding()
        schedule.rejected()
        _ = schedule.begins(at: .seconds(50))
        schedule.failed(at: .seconds(51), isRefusal: false, wait: nil, chance: 0)
        #expect(schedule.demand(at: .seconds(51)) == .use)
    }
}

/// A reference to a schedule, so that an expectation may change it: the macro takes its operands apart, which
/// doesn't work with values.
private final class Schedule {
    private var schedule = RenewalSchedule()

    func demand(at uptime: Duration) -> RenewalSchedule.Demand { schedule.demand(at: uptime) }
    func begins(at uptime: Duration) -> Bool { schedule.begins(at: uptime) }
    func isValid(at uptime: Duration) -> Bool { schedule.isValid(at: uptime) }
    func rejected(wasAccepted: Bool = false) { schedule.rejected(wasAccepted: wasAccepted) }
    func inputsChanged(at uptime: Duration) { schedule.inputsChanged(at: uptime) }

    func succeeded(at uptime: Duration, lifetime: Duration?, chance: Double) {
        schedule.succeeded(at: uptime, lifetime: lifetime, chance: chance)
    }

    func failed(at uptime: Duration, isRefusal: Bool, wait: Duration?, chance: Double) {
        schedule.failed(at: uptime, isRefusal: isRefusal, wait: wait, chance: chance)
    }
}
