import Synchronization

/// Counts consecutive failures and locks a name out for a while: access keys at the API gateway, users at IAM.
///
/// One wrong signer behind a gateway locks the key for every caller at once, which is why this is reproduced.
final class LockoutLedger: Sendable {
    /// Names kept at a time; beyond it the ledger is emptied, so that it doesn't grow.
    static let mostNames = 4_096

    private struct Record {
        var failures = 0
        var lockedUntil: Duration?
    }

    private let records = Mutex([String: Record]())
    private let failuresUntilLock: Int
    private let lockTime: Duration

    /// Five failures lock for five minutes at the API gateway (emulator notes, section 2).
    init(failuresUntilLock: Int = 5, lockTime: Duration = .seconds(300)) {
        self.failuresUntilLock = failuresUntilLock
        self.lockTime = lockTime
    }

    /// Whether a name is locked at this moment; an expired lock is removed.
    func isLocked(_ name: String, now: Duration) -> Bool {
        records.withLock { records in
            guard let lockedUntil = records[name]?.lockedUntil else { return false }
            if now < lockedUntil { return true }
            records[name] = nil
            return false
        }
    }

    /// Counts a failure; the last one allowed starts the lock.
    func recordFailure(_ name: String, now: Duration) {
        records.withLock { records in
            if records.count >= Self.mostNames, records[name] == nil { records = [:] }
            var record = records[name] ?? Record()
            record.failures += 1
            if record.failures >= failuresUntilLock { record.lockedUntil = now + lockTime }
            records[name] = record
        }
    }

    /// A success ends the run of failures.
    func recordSuccess(_ name: String) { records.withLock { $0[name] = nil } }

    /// Removes everything.
    func removeAll() { records.withLock { $0 = [:] } }
}
