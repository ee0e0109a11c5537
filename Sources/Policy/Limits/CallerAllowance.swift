import Synchronization

/// What one caller has used up, shared by all workers without a lock. It lives on when the configuration changes; the limits come with each call.
///
/// The rate is held by the generic cell rate algorithm (ITU-T I.371): one number says when the bucket will be full again, and a request moves
/// it on by one interval unless that would pass the burst.
package final class CallerAllowance: Sendable {
    /// Nanoseconds of uptime.
    private let fullAgain = Atomic<Int64>(0)
    private let running = Atomic<Int>(0)
    /// What other gateways of a fleet said last that they have under way of it; nobody asks while no request of it was counted.
    private let elsewhere = Atomic<Int>(0)
    private let isCounted = Atomic<Bool>(false)
    /// Requests that were let through since they were last told to a fleet, and nanoseconds between two of them.
    private let untold = Atomic<Int64>(0)
    private let interval = Atomic<Int64>(0)

    package init() {}

    /// Takes one request out of the bucket.
    /// - Parameter now: nanoseconds of a clock that never goes back.
    /// - Returns: how long until the next one would be let through, in nanoseconds; nil when this one is.
    package func take(rate: Int, burst: Int, at now: Int64) -> Int64? {
        let interval = 1_000_000_000 / Int64(rate)
        let tolerance = interval * Int64(burst - 1)
        var seen = fullAgain.load(ordering: .relaxed)
        while true {
            let due = max(now, seen)
            guard due - now <= tolerance else { return due - now - tolerance }
            let (exchanged, original) = fullAgain.compareExchange(expected: seen, desired: due + interval, ordering: .relaxed)
            if exchanged {
                untold.wrappingAdd(1, ordering: .relaxed)
                self.interval.store(interval, ordering: .relaxed)
                return nil
            }
            // Another worker was faster; one of them always gets on.
            seen = original
        }
    }

    /// How many requests would be let through at once, and the nanoseconds until the bucket is full again. Takes nothing.
    package func left(rate: Int, burst: Int, at now: Int64) -> (requests: Int, untilFull: Int64) {
        let interval = 1_000_000_000 / Int64(rate)
        let tolerance = interval * Int64(burst - 1)
        let behind = max(now, fullAgain.load(ordering: .relaxed)) - now
        return (behind > tolerance ? 0 : Int((tolerance - behind) / interval) + 1, behind)
    }

    /// Requests under way.
    package var underWay: Int { max(0, running.load(ordering: .relaxed)) }

    /// What was let through since this was last asked, and the nanoseconds between two at the caller's rate.
    package func takeUntold() -> (count: Int64, interval: Int64) {
        (untold.exchange(0, ordering: .relaxed), interval.load(ordering: .relaxed))
    }

    /// Other gateways have used the bucket as well: it is full again no earlier than that.
    package func isFull(noEarlierThan time: Int64) {
        var seen = fullAgain.load(ordering: .relaxed)
        while seen < time {
            let (exchanged, original) = fullAgain.compareExchange(expected: seen, desired: time, ordering: .relaxed)
            if exchanged { return }
            seen = original
        }
    }

    /// Begins a request; false when as many are under way as may be.
    package func enter(limit: Int) -> Bool {
        if !isCounted.load(ordering: .relaxed) { isCounted.store(true, ordering: .relaxed) }
        let used = running.wrappingAdd(1, ordering: .relaxed).newValue
        if used <= limit - elsewhere.load(ordering: .relaxed) { return true }
        leave()
        return false
    }

    /// How many requests are under way, and whether anything was counted since this was last asked.
    package func takeRunning() -> (count: Int, wasCounted: Bool) {
        (running.load(ordering: .relaxed), isCounted.exchange(false, ordering: .relaxed))
    }

    /// So many are under way at other gateways.
    package func isUsed(elsewhere count: Int) { elsewhere.store(max(0, count), ordering: .relaxed) }

    /// Ends a request that was begun.
    package func leave() {
        running.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// The allowances of all callers that have limits, by name.
package final class CallerAllowances: Sendable {
    private let byName = Mutex<[String: CallerAllowance]>([:])

    package init() {}

    /// All of them, for a fleet.
    package var all: [String: CallerAllowance] { byName.withLock { $0 } }

    /// The caller's, which is made when it is asked for first. There are no more than callers with limits were ever configured.
    package subscript(name: String) -> CallerAllowance {
        byName.withLock { allowances in
            if let allowance = allowances[name] { return allowance }
            let made = CallerAllowance()
            allowances[name] = made
            return made
        }
    }
}
