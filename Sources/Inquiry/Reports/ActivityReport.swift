import Audit

/// What callers did in each month, for an auditor's report. It counts records that end an exchange, and only those whose
/// inclusion in the journal was verified.
package struct ActivityReport: Sendable {
    /// A caller in a month.
    package struct Key: Sendable, Hashable, Comparable {
        /// `2026-11`, UTC.
        package let month: String
        /// Empty when no caller was recognised.
        package let caller: String

        package static func < (left: Key, right: Key) -> Bool { (left.month, left.caller) < (right.month, right.caller) }
    }

    /// What was counted.
    package struct Totals: Sendable, Hashable {
        package var calls = 0
        package var failures = 0
        package var refusals = 0
        package var unknown = 0
        package var exports = 0
        package var downloads = 0
        /// Downloads that were interrupted.
        package var incompleteDownloads = 0
        /// Bytes of whole and partial downloads.
        package var downloadedBytes: Int64 = 0
        /// Rows that HSS announced for exports.
        package var rows: Int64 = 0
        /// Calls with `enterprise_project_id=all_granted_eps`.
        package var allGrantedCalls = 0
    }

    /// How long an operation takes.
    package struct Timing: Sendable, Hashable {
        package var calls = 0
        package var totalMicroseconds: Int64 = 0
        package var longestMicroseconds: Int64 = 0
        /// The number of the record with the longest duration.
        package var longestSequence: UInt64 = 0
    }

    /// Operations that are listed among the slowest.
    private static let slowestShown = 10
    /// Exports whose rows were counted already: several polls contain the same number of rows.
    private static let tasksRemembered = 1_000_000
    private static let allGranted = "all_granted_eps"

    package private(set) var totals: [Key: Totals] = [:]
    package private(set) var timings: [String: Timing] = [:]
    /// How many records were counted.
    package private(set) var records = 0
    /// The verified records: those from these numbers on are left out, and the report says so.
    package let proved: Proof
    package private(set) var unproved = 0
    private var tasks: Set<String> = []

    /// The verified records: those before a number, of one journal or of each instance by its name.
    package enum Proof: Sendable, Hashable {
        case journal(upTo: UInt64)
        case fleet([String: UInt64])

        func covers(_ record: JournalRecord) -> Bool {
            switch self {
            case .journal(let end): record.sequence < end
            case .fleet(let ends): record.sequence < ends[record.instance ?? ""] ?? 0
            }
        }
    }

    /// - Parameter provedUpTo: the number of records that a checkpoint covers and that were found intact.
    package init(provedUpTo: UInt64) {
        proved = .journal(upTo: provedUpTo)
    }

    /// - Parameter fleet: the same for each instance.
    package init(fleet: [String: UInt64]) {
        proved = .fleet(fleet)
    }

    /// Adds a record.
    package mutating func add(_ record: JournalRecord) {
        guard proved.covers(record) else {
            unproved += 1
            return
        }
        records += 1
        let summed = RefusalSum.count(record)
        guard record.phase == .response || record.phase == .refusal || summed != nil else { return }
        let key = Key(month: String(record[.time]?.prefix(7) ?? ""), caller: record[.callerName] ?? "")
        var sum = totals[key] ?? Totals()
        if let summed {
            // Refusals without records of their own.
            sum.calls = sum.calls.saturatingSum(Int(clamping: summed))
            sum.refusals = sum.refusals.saturatingSum(Int(clamping: summed))
            totals[key] = sum
            return
        }
        sum.calls += 1
        switch record[.outcome] {
        case "failure": sum.failures += 1
        case "refused": sum.refusals += 1
        case "unknown": sum.unknown += 1
        default: break
        }
        if record[.enterpriseValue] == Self.allGranted { sum.allGrantedCalls += 1 }
        let succeeded = record[.outcome] == "success"
        if record[.kind] == "export", succeeded { sum.exports += 1 }
        if record[.kind] == "download", record.phase == .response {
            if succeeded { sum.downloads += 1 } else { sum.incompleteDownloads += 1 }
            sum.downloadedBytes = sum.downloadedBytes.saturatingSum(record.integer(.responseBytes) ?? 0)
        }
        if let rows = record.integer(.recordTotalNum), let task = record[.taskID], tasks.count < Self.tasksRemembered, tasks.insert(task).inserted {
            sum.rows = sum.rows.saturatingSum(rows)
        }
        totals[key] = sum
        time(record)
    }

    private mutating func time(_ record: JournalRecord) {
        guard record.phase == .response, let operation = record[.operation], let duration = record.integer(.duration) else { return }
        var timing = timings[operation] ?? Timing()
        timing.calls += 1
        timing.totalMicroseconds = timing.totalMicroseconds.saturatingSum(duration)
        if duration >= timing.longestMicroseconds { (timing.longestMicroseconds, timing.longestSequence) = (duration, record.sequence) }
        timings[operation] = timing
    }

    /// The operations that took longest on average.
    package var slowest: [(operation: String, timing: Timing)] {
        let sorted = timings.sorted { left, right in
            let (leftMean, rightMean) = (left.value.mean, right.value.mean)
            return leftMean != rightMean ? leftMean > rightMean : left.key < right.key
        }
        return sorted.prefix(Self.slowestShown).map { (operation: $0.key, timing: $0.value) }
    }

    /// Callers with requests across all enterprise projects, and their number.
    package var allGrantedCallers: [(caller: String, calls: Int)] {
        var calls: [String: Int] = [:]
        for (key, sum) in totals where sum.allGrantedCalls > 0 { calls[key.caller, default: 0] += sum.allGrantedCalls }
        return calls.sorted { $0.key < $1.key }.map { (caller: $0.key, calls: $0.value) }
    }
}

extension ActivityReport.Timing {
    /// Microseconds on average.
    package var mean: Int64 { calls == 0 ? 0 : totalMicroseconds / Int64(calls) }
}
