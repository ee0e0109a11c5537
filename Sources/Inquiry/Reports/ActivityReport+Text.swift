import Codecs

extension ActivityReport {
    private static let columns: [(name: String, value: @Sendable (Totals) -> Int64)] = [
        ("calls", { Int64($0.calls) }), ("failures", { Int64($0.failures) }), ("refusals", { Int64($0.refusals) }),
        ("unknown", { Int64($0.unknown) }), ("exports", { Int64($0.exports) }), ("rows", { $0.rows }), ("downloads", { Int64($0.downloads) }),
        ("incomplete_downloads", { Int64($0.incompleteDownloads) }), ("downloaded_bytes", { $0.downloadedBytes }),
        ("all_granted_eps_calls", { Int64($0.allGrantedCalls) }),
    ]

    private var rows: [(key: Key, totals: Totals)] { totals.sorted { $0.key < $1.key }.map { (key: $0.key, totals: $0.value) } }

    /// For users: what was counted, and what was not.
    package func text(proof: String, layout: TableLayout = TableLayout()) -> String {
        var lines = ["\(records) records counted. \(proof)"]
        if unproved > 0 { lines.append("\(unproved) records\(behind) are left out: no checkpoint covers them yet.") }
        lines.append("")
        let headers = ["MONTH", "CALLER", "CALLS", "FAILED", "REFUSED", "UNKNOWN", "EXPORTS", "ROWS", "DOWNLOADS", "CUT", "BYTES", "ALL EPS"]
        let figures = rows.map { row in [row.key.month, Self.name(row.key.caller)] + Self.columns.map { String($0.value(row.totals)) } }
        lines += TextTable(headers, figures).lines(layout)
        lines += ["", "Slowest operations, milliseconds:"]
        let timings = slowest.map { entry in
            let timing = entry.timing
            return [
                entry.operation, String(timing.calls), String(timing.mean / 1_000), String(timing.longestMicroseconds / 1_000),
                String(timing.longestSequence),
            ]
        }
        lines += TextTable(["OPERATION", "CALLS", "MEAN", "LONGEST", "RECORD"], timings).lines(layout)
        lines += ["", "Asked with all_granted_eps:"]
        let granted = allGrantedCallers.map { [Self.name($0.caller), String($0.calls)] }
        lines += granted.isEmpty ? ["nobody"] : TextTable(["CALLER", "CALLS"], granted).lines(layout)
        return lines.joined(separator: "\n") + "\n"
    }

    private var behind: String {
        if case .journal(let end) = proved { " from \(end) on" } else { "" }
    }

    /// For spreadsheets: one line for each caller and month.
    package var csv: String {
        var text = "month,caller," + Self.columns.map(\.name).joined(separator: ",") + "\r\n"
        for row in rows {
            let cells = [row.key.month, CSVRecord.cell(row.key.caller)] + Self.columns.map { String($0.value(row.totals)) }
            text += cells.joined(separator: ",") + "\r\n"
        }
        return text
    }

    /// For programs.
    package func json(proof: String) -> String {
        var json = JSONWriter()
        json.open()
        json.member("records", Int64(records))
        json.member("proof", proof)
        switch proved {
        case .journal(let end): json.member("proved_up_to", Int64(clamping: end))
        case .fleet(let ends):
            json.key("proved_up_to")
            json.open()
            for (instance, end) in ends.sorted(by: { $0.key < $1.key }) { json.member(instance, Int64(clamping: end)) }
            json.close()
        }
        json.member("unproved_records", Int64(unproved))
        json.key("callers")
        json.open("[")
        for row in rows {
            json.open()
            json.member("month", row.key.month)
            json.member("caller", row.key.caller)
            for column in Self.columns { json.member(column.name, column.value(row.totals)) }
            json.close()
        }
        json.close("]")
        json.key("slowest_operations")
        json.open("[")
        for (operation, timing) in slowest {
            json.open()
            json.member("operation", operation)
            json.member("calls", Int64(timing.calls))
            json.member("mean_us", timing.mean)
            json.member("longest_us", timing.longestMicroseconds)
            json.member("longest_seq", Int64(timing.longestSequence))
            json.close()
        }
        json.close("]")
        json.key("all_granted_eps")
        json.open("[")
        for (caller, calls) in allGrantedCallers {
            json.open()
            json.member("caller", caller)
            json.member("calls", Int64(calls))
            json.close()
        }
        json.close("]")
        json.close()
        json.newline()
        return json.text
    }

    private static func name(_ caller: String) -> String { caller.isEmpty ? "(nobody recognised)" : PrintableText.line(caller) }
}
