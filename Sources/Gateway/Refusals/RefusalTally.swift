import Audit

/// Decides which refusals get their own record, and counts the others by source and code until the next flush.
///
/// The rate is enforced by the generic cell rate algorithm (ITU-T I.371): one number per source says when its bucket is full again.
///
/// 1. No refusal is lost: each one is recorded or counted in exactly one sum.
/// 2. Memory is bounded: there are at most `sourceLimit` sources and one for all others, each with at most one sum for each code.
struct RefusalTally: Sendable {
    /// Number of sources that are counted separately at a time.
    static let sourceLimit = 1_024
    /// The same while refusals get no records of their own, so that there are few sums as well.
    static let scarceSourceLimit = 16
    /// How long sums are collected before they are recorded.
    static let interval: Duration = .seconds(10)

    /// Refusals that share one summary record.
    struct Sum: Sendable, Hashable {
        /// The id of the summary record.
        let id: RecordID
        let source: RefusalSource
        let errorCode: String
        var count: Int64
        let first: Timestamp
        var last: Timestamp
    }

    private struct Account: Sendable {
        /// When the bucket is full again, nanoseconds of uptime.
        var fullAgain: Int64 = 0
        var sums: [Sum] = []

        /// Takes one refusal out of the bucket; false when it is empty.
        mutating func admits(_ rate: RefusalRate, at now: Int64) -> Bool {
            let count = Int64(max(1, rate.count))
            let interval = max(1, rate.period.wholeNanoseconds / count)
            let due = max(now, fullAgain)
            guard due - now <= interval.multipliedReportingOverflow(by: count - 1).partialValue else { return false }
            fullAgain = due + interval
            return true
        }
    }

    private var accounts: [RefusalSource: Account] = [:]
    /// Sources that have sums.
    private var summed = 0
    /// When sums are due, nanoseconds of uptime; nil while there are none.
    private(set) var due: Int64?

    /// Counts a refusal.
    /// - Parameters:
    ///   - time: when the request came.
    ///   - now: nanoseconds of a clock that never goes back.
    ///   - rate: how many may have their own record; nil if none may.
    ///   - newID: makes the identifier of a new sum's record.
    /// - Returns: the summary record that will count it; nil if it gets its own record.
    mutating func take(
        _ errorCode: String, of source: RefusalSource, at time: Timestamp, now: Int64, rate: RefusalRate?, newID: () -> RecordID
    ) -> RecordID? {
        let limit = rate == nil ? Self.scarceSourceLimit : Self.sourceLimit
        let isKnown = rate == nil ? accounts[source]?.sums.isEmpty == false : accounts[source] != nil
        let source = isKnown || (rate == nil ? summed : accounts.count) < limit ? source : .others
        var account = accounts[source] ?? Account()
        defer { accounts[source] = account }
        if let rate, account.admits(rate, at: now) { return nil }
        if due == nil { due = now + Self.interval.wholeNanoseconds }
        if let index = account.sums.firstIndex(where: { $0.errorCode == errorCode }) {
            account.sums[index].count += 1
            account.sums[index].last = max(account.sums[index].last, time)
            return account.sums[index].id
        }
        let sum = Sum(id: newID(), source: source, errorCode: errorCode, count: 1, first: time, last: time)
        if account.sums.isEmpty { summed += 1 }
        account.sums.append(sum)
        return sum.id
    }

    /// Returns and removes all sums, and removes sources whose bucket is full.
    mutating func flush(now: Int64) -> [Sum] {
        let sums = accounts.values.flatMap(\.sums).sorted { ($0.first, $0.errorCode) < ($1.first, $1.errorCode) }
        accounts = accounts.compactMapValues { $0.fullAgain > now ? Account(fullAgain: $0.fullAgain) : nil }
        (summed, due) = (0, nil)
        return sums
    }

    /// Puts sums back that could not be recorded; they are due at once.
    mutating func takeBack(_ sums: [Sum], now: Int64) {
        for sum in sums {
            var account = accounts[sum.source] ?? Account()
            if account.sums.isEmpty { summed += 1 }
            if let index = account.sums.firstIndex(where: { $0.errorCode == sum.errorCode }) {
                // Answers already name both records; the older one stays.
                let younger = account.sums[index]
                account.sums[index] = sum
                account.sums[index].count += younger.count
                account.sums[index].last = max(sum.last, younger.last)
            } else {
                account.sums.append(sum)
            }
            accounts[sum.source] = account
        }
        if !sums.isEmpty { due = now }
    }
}
