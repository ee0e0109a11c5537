import Codecs
package import Audit

/// What each caller used in a span of time: counted from the records that end an exchange, and from the sums of refusals that have no records.
package struct CallerUsage: Sendable {
    /// What was counted of one caller.
    package struct Totals: Sendable, Hashable {
        package var requests: Int64 = 0
        package var exports: Int64 = 0
        /// Bytes of answers.
        package var bytes: Int64 = 0
        /// Refusals by code.
        package var refused: [String: Int64] = [:]
        /// Requests that waited for their turn before HSS's quota, and the longest of these waits.
        package var waits: Int64 = 0
        package var longestWaitMicroseconds: Int64 = 0
    }

    /// By the caller's name; empty when nobody was recognised.
    package private(set) var callers: [String: Totals] = [:]

    package init() {}

    /// Takes a record.
    package mutating func add(_ record: JournalRecord) {
        let detail = record.raw(.detail).map(Array.init) ?? []
        func number(_ key: StaticString) -> Int64? { detail.withUnsafeBytes { RecordFields($0)?.integer(key) } }
        let caller = record[.callerName] ?? ""
        switch record.phase {
        case .event where record[.event] == RefusalSum.event:
            guard let count = number("count"), count > 0 else { return }
            callers[caller, default: Totals()].add(count, refusedWith: record[.errorCode])
        case .response, .refusal:
            var totals = callers[caller] ?? Totals()
            if record[.outcome] == "refused" {
                totals.add(1, refusedWith: record[.errorCode])
            } else {
                totals.requests = totals.requests.saturatingSum(1)
            }
            if record[.kind] == "export", record[.outcome] == "success", record[.source] == "upstream" {
                totals.exports = totals.exports.saturatingSum(1)
            }
            totals.bytes = totals.bytes.saturatingSum(max(0, record.integer(.responseBytes) ?? 0))
            if let wait = number("waited_us"), wait > 0 {
                totals.waits = totals.waits.saturatingSum(1)
                totals.longestWaitMicroseconds = max(totals.longestWaitMicroseconds, wait)
            }
            callers[caller] = totals
        case .request, .event, nil: break
        }
    }

    private var rows: [(caller: String, totals: Totals)] { callers.sorted { $0.key < $1.key }.map { (caller: $0.key, totals: $0.value) } }

    /// For people.
    package var text: String {
        let headers = ["CALLER", "REQUESTS", "EXPORTS", "BYTES", "REFUSED", "WAITED", "LONGEST WAIT MS", "REFUSALS BY CODE"]
        let lines = rows.map { row in
            let totals = row.totals
            let codes = totals.refused.sorted { $0.key < $1.key }.map { "\(PlainText.line($0.key)) \($0.value)" }.joined(separator: ", ")
            return [
                row.caller.isEmpty ? "(nobody known)" : PlainText.line(row.caller), String(totals.requests), String(totals.exports),
                String(totals.bytes), String(totals.allRefused), String(totals.waits), String(totals.longestWaitMicroseconds / 1_000), codes,
            ]
        }
        return ActivityReport.aligned([headers] + lines).joined(separator: "\n") + "\n"
    }

    /// For programs.
    package func json(since: Timestamp, until: Timestamp?) -> String {
        var json = JSONWriter()
        json.open()
        json.member("since", since.description)
        if let until { json.member("until", until.description) }
        json.list("callers", rows) { json, row in
            json.object { json in
                json.member("name", row.caller)
                json.member("requests", row.totals.requests)
                json.member("exports", row.totals.exports)
                json.member("bytes", row.totals.bytes)
                json.object("refused") { json in
                    for (code, count) in row.totals.refused.sorted(by: { $0.key < $1.key }) { json.member(code, count) }
                }
                json.object("waits") { json in
                    json.member("count", row.totals.waits)
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

    fileprivate mutating func add(_ count: Int64, refusedWith code: String?) {
        requests = requests.saturatingSum(count)
        refused[code ?? "none", default: 0] = refused[code ?? "none", default: 0].saturatingSum(count)
    }
}

/// The record that sums up refusals which have none of their own.
enum RefusalSum {
    static let event = "refusals_aggregated"

    /// How many refusals a record stands for; nothing when it is none of these.
    static func count(_ record: JournalRecord) -> Int64? {
        guard record.phase == .event, record[.event] == event, let detail = record.raw(.detail).map(Array.init) else { return nil }
        return detail.withUnsafeBytes { RecordFields($0)?.integer("count") }.flatMap { $0 > 0 ? $0 : nil }
    }
}
