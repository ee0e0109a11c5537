package import Audit
import Codecs

/// What each caller used in a period: counted from the rollups of ended exchanges, and of refusals without records.
package struct CallerUsage: Sendable {
    /// The counts of one caller.
    package struct Totals: Sendable, Hashable {
        package var requests: Int64 = 0
        package var exports: Int64 = 0
        /// Bytes of answers.
        package var bytes: Int64 = 0
        /// Refusals by code.
        package var refused: [String: Int64] = [:]
        /// How long requests waited for their turn under HSS's quota, and the longest of these waits.
        package var waits = DurationHistogram()
        package var longestWaitMicroseconds: Int64 = 0
        /// Requests of each of 24 hours, the oldest first; the last one is the hour in which the period ends.
        package var byHour = [Int64](repeating: 0, count: 24)
        /// Exports since the last midnight, UTC, which is the day of `exports_per_day`.
        package var exportsToday: Int64 = 0
    }

    /// By the caller's name; empty when no caller was recognised.
    package private(set) var callers: [String: Totals] = [:]
    /// How far the journal, or each gateway's part of the central copy, was counted.
    package private(set) var coverage = RollupQuestion.Coverage()

    package init() {}

    /// Counts by whole minutes; by ten minutes for records older than two days, and by hours for those older than
    /// eight.
    ///
    /// - Parameters:
    ///   - query: the callers and operations to count; its time and its page don't matter.
    ///   - deadline: when reading stops, even if it is incomplete.
    package init(
        of source: any RecordSource, _ query: RecordQuery = RecordQuery(), since: Timestamp, until: Timestamp?, now: Timestamp,
        deadline: ContinuousClock.Instant
    ) throws(InquiryError) {
        func count(
            _ since: Timestamp, _ until: Timestamp, _ parts: Int, _ add: (inout CallerUsage, Int, RollupGroup, Rollup) -> Void
        ) throws(InquiryError) {
            var question = RollupQuestion(since: since, until: until, now: now, parts: parts, deadline: deadline)
            (question.wantsDurations, question.tells) = (false, [.caller])
            question.query = query
            let (sum, coverage) = try source.sum(question, from: self, add)
            self = sum
            self.coverage = coverage
        }
        let end = until ?? now
        // Whole hours are read as such; smaller parts would be many times as many rows.
        // Bounded: a time minus at most an hour.
        let lastHour = max(0, end.microseconds - 1) / Self.hour * Self.hour
        let day = max(0, lastHour.saturatingDifference((Self.hours - 1) * Self.hour))
        // Bounded: a time minus at most a day.
        let midnight = end.microseconds - end.microseconds % (24 * Self.hour)
        try count(since, end, 1) { usage, _, group, rollup in usage.callers[group.caller, default: Totals()].add(group, rollup) }
        let dayEnd = Timestamp(microseconds: lastHour.saturatingSum(Self.hour))
        try count(Timestamp(microseconds: day), dayEnd, Int(Self.hours)) { usage, part, group, rollup in
            guard let before = usage.callers[group.caller]?.byHour[part] else { return }
            usage.callers[group.caller]?.byHour[part] = before.saturatingSum(rollup.count)
        }
        try count(Timestamp(microseconds: midnight), end, 1) { usage, _, group, rollup in
            guard group.isExport, let before = usage.callers[group.caller]?.exportsToday else { return }
            usage.callers[group.caller]?.exportsToday = before.saturatingSum(rollup.count)
        }
    }

    private static let hours: Int64 = 24
    /// Microseconds.
    private static let hour: Int64 = 3_600_000_000

    private var rows: [(caller: String, totals: Totals)] { callers.sorted { $0.key < $1.key }.map { (caller: $0.key, totals: $0.value) } }

    /// For users.
    package func text(_ layout: TableLayout = TableLayout()) -> String {
        let headers = ["CALLER", "REQUESTS", "EXPORTS", "BYTES", "REFUSED", "WAITED", "LONGEST WAIT MS", "REFUSALS BY CODE"]
        let lines = rows.map { row in
            let totals = row.totals
            let codes = totals.refused.sorted { $0.key < $1.key }.map { "\(PrintableText.line($0.key)) \($0.value)" }.joined(separator: ", ")
            return [
                row.caller.isEmpty ? "(nobody known)" : PrintableText.line(row.caller), String(totals.requests), String(totals.exports),
                String(totals.bytes), String(totals.allRefused), String(totals.waits.total), String(totals.longestWaitMicroseconds / 1_000), codes,
            ]
        }
        return TextTable(headers, lines).text(layout)
    }

    /// For programs.
    ///
    /// - Parameter instance: the journal's gateway; nil for the central copy.
    package func json(since: Timestamp, until: Timestamp?, instance: String? = nil) -> String {
        var json = JSONWriter()
        json.open()
        coverage.write(to: &json, instance: instance)
        json.member("since", since.description)
        if let until { json.member("until", until.description) }
        json.list("callers", rows) { json, row in
            json.object { json in
                json.member("name", row.caller)
                json.member("requests", row.totals.requests)
                json.member("exports", row.totals.exports)
                json.member("bytes", row.totals.bytes)
                json.list("by_hour", row.totals.byHour) { json, count in json.value(count) }
                json.member("exports_today", row.totals.exportsToday)
                json.object("refused") { json in
                    for (code, count) in row.totals.refused.sorted(by: { $0.key < $1.key }) { json.member(code, count) }
                }
                json.object("waits") { json in
                    json.member("count", row.totals.waits.total)
                    json.member("p50_us", row.totals.waits.quantile(0.5, zeros: max(0, row.totals.requests - row.totals.waits.total)) ?? 0)
                    json.member("max_us", row.totals.longestWaitMicroseconds)
                }
            }
        }
        json.close()
        return json.text
    }
}

extension CallerUsage.Totals {
    /// Refusals of all codes.
    package var allRefused: Int64 {
        refused.values.reduce(0) { $0.saturatingSum($1) }
    }

    fileprivate mutating func add(_ group: RollupGroup, _ rollup: Rollup) {
        requests = requests.saturatingSum(rollup.count)
        if group.isRefusal {
            let code = group.errorCode.isEmpty ? "none" : group.errorCode
            refused[code, default: 0] = refused[code, default: 0].saturatingSum(rollup.count)
        }
        if group.isExport { exports = exports.saturatingSum(rollup.count) }
        bytes = bytes.saturatingSum(rollup.bytes)
        waits.add(rollup.waits)
        longestWaitMicroseconds = max(longestWaitMicroseconds, rollup.longestWait)
    }
}

/// The record that sums up refusals which have none of their own.
enum RefusalSum {
    /// The number of refusals in a summary record; nil for other records.
    static func count(_ record: JournalRecord) -> Int64? {
        guard record.phase == .event, record[.event] == Record.refusalSumEvent, let detail = record.raw(.detail).map(Array.init) else { return nil }
        return detail.withUnsafeBytes { RecordFields($0)?.integer("count") }.flatMap { $0 > 0 ? $0 : nil }
    }
}
