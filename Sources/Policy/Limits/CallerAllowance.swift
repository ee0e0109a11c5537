import Synchronization

/// What one caller has used of its limits, shared by all workers without a lock. It is kept when the configuration changes; the limits are passed
/// with each call.
///
/// The rate is enforced by the generic cell rate algorithm (ITU-T I.371): one number says when the bucket will be full again, and a request moves it
/// forward by one interval unless that would exceed the burst.
package final class CallerAllowance: Sendable {
    /// Nanoseconds of uptime.
    private let fullAgain = Atomic<Int64>(0)
    private let running = Atomic<Int>(0)
    /// The caller's requests under way at the other gateways of a fleet, as last reported. Not updated while none of its requests was counted here.
    private let elsewhere = Atomic<Int>(0)
    private let isCounted = Atomic<Bool>(false)
    /// Requests admitted since the last report to a fleet, and nanoseconds between two of them.
    private let untold = Atomic<Int64>(0)
    private let interval = Atomic<Int64>(0)

    package init() {}

    /// Takes one request out of the bucket.
    /// - Parameter now: nanoseconds of a clock that never goes back.
    /// - Returns: how long until the next request would be admitted, in nanoseconds; nil if this one is admitted.
    package func take(rate: Int, burst: Int, at now: Int64) -> Int64? {
        let interval = 1_000_000_000 / Int64(rate)
        let tolerance = interval * Int64(burst - 1)
        if self.interval.load(ordering: .relaxed) != interval { follow(interval, at: now) }
        var seen = fullAgain.load(ordering: .relaxed)
        while true {
            let due = max(now, seen)
            guard due - now <= tolerance else { return due - now - tolerance }
            let (exchanged, original) = fullAgain.compareExchange(expected: seen, desired: due + interval, ordering: .relaxed)
            if exchanged {
                untold.wrappingAdd(1, ordering: .relaxed)
                return nil
            }
            // Another worker changed the value first; one of them always succeeds.
            seen = original
        }
    }

    /// Another rate is in force: as many requests are missing from the bucket as before, and each of them is back after an interval of the new rate.
    private func follow(_ interval: Int64, at now: Int64) {
        let former = self.interval.exchange(interval, ordering: .relaxed)
        var seen = fullAgain.load(ordering: .relaxed)
        while seen > now {
            // Bounded: by `behind`.
            let desired = now + Self.behind(seen - now, from: former, to: interval)
            let (exchanged, original) = fullAgain.compareExchange(expected: seen, desired: desired, ordering: .relaxed)
            if exchanged { return }
            seen = original
        }
    }

    /// The nanoseconds until the bucket is full again, at another rate; a year at most.
    private static func behind(_ time: Int64, from former: Int64, to interval: Int64) -> Int64 {
        former == interval || former == 0 ? time : Int64(min(Double(time) / Double(former) * Double(interval), 3.1e16))
    }

    /// How many requests would be admitted at once, and the nanoseconds until the bucket is full again. Takes nothing.
    package func left(rate: Int, burst: Int, at now: Int64) -> (requests: Int, untilFull: Int64) {
        let interval = 1_000_000_000 / Int64(rate)
        let tolerance = interval * Int64(burst - 1)
        let former = self.interval.load(ordering: .relaxed)
        let behind = Self.behind(max(now, fullAgain.load(ordering: .relaxed)) - now, from: former, to: interval)
        return (behind > tolerance ? 0 : Int((tolerance - behind) / interval) + 1, behind)
    }

    /// Requests under way.
    package var underWay: Int { max(0, running.load(ordering: .relaxed)) }

    /// Requests admitted since the last call, and the nanoseconds between two requests at the caller's rate.
    package func takeUntold() -> (count: Int64, interval: Int64) {
        (untold.exchange(0, ordering: .relaxed), interval.load(ordering: .relaxed))
    }

    /// Other gateways have used the bucket as well: it is full again no earlier than at this time.
    package func isFull(noEarlierThan time: Int64) {
        var seen = fullAgain.load(ordering: .relaxed)
        while seen < time {
            let (exchanged, original) = fullAgain.compareExchange(expected: seen, desired: time, ordering: .relaxed)
            if exchanged { return }
            seen = original
        }
    }

    /// Begins a request; false if the limit is reached.
    package func enter(limit: Int) -> Bool {
        if !isCounted.load(ordering: .relaxed) { isCounted.store(true, ordering: .relaxed) }
        let used = running.wrappingAdd(1, ordering: .relaxed).newValue
        if used <= limit - elsewhere.load(ordering: .relaxed) { return true }
        leave()
        return false
    }

    /// How many requests are under way, and whether any was counted since the last call.
    package func takeRunning() -> (count: Int, wasCounted: Bool) {
        (running.load(ordering: .relaxed), isCounted.exchange(false, ordering: .relaxed))
    }

    /// Sets how many requests are under way at other gateways.
    package func isUsed(elsewhere count: Int) { elsewhere.store(max(0, count), ordering: .relaxed) }

    /// Ends a request that `enter` began.
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

    /// The allowance of a caller, created at its first use. There are at most as many as callers with limits were ever configured.
    package subscript(name: String) -> CallerAllowance {
        byName.withLock { allowances in
            if let allowance = allowances[name] { return allowance }
            let made = CallerAllowance()
            allowances[name] = made
            return made
        }
    }
}
