import Audit

/// Decides which refusals get their own record, and counts the others by source and code until they are recorded.
///
/// The rate is enforced by the generic cell rate algorithm (ITU-T I.371): one number per source says when its bucket is full again.
///
/// 1. No refusal is lost: each one is recorded or counted in exactly one sum, and the record that its answer names is that sum's.
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

    /// The sums that there are, the oldest first. They stay until the journal has accepted them; those that begin from now on are due later.
    mutating func begin() -> [Sum] {
        due = nil
        return accounts.values.flatMap(\.sums).sorted { ($0.first, $0.errorCode) < ($1.first, $1.errorCode) }
    }

    /// Hands a sum, as it is now, to the journal. One that was accepted is removed; another is due at once.
    /// - Parameter append: whether the journal has accepted it.
    mutating func record(_ sum: Sum, now: Int64, _ append: (Sum) -> Bool) {
        guard var account = accounts[sum.source], let index = account.sums.firstIndex(where: { $0.id == sum.id }) else { return }
        guard append(account.sums[index]) else {
            due = now
            return
        }
        account.sums.remove(at: index)
        if account.sums.isEmpty { summed -= 1 }
        accounts[sum.source] = account
    }

    /// Removes sources without a sum whose bucket is full.
    mutating func forget(now: Int64) {
        accounts = accounts.filter { !$0.value.sums.isEmpty || $0.value.fullAgain > now }
    }
}
