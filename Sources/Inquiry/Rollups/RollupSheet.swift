import Audit
import Codecs

/// Counts records for rollups that are stored outside the index: the same figures with the same steps, with their dimensions as texts.
package struct RollupSheet {
    /// The key of a row.
    package struct RowKey: Hashable, Sendable {
        package let cut: RollupCut
        /// Minutes of the slot.
        package let step: Int64
        /// The slot's first minute since 1970.
        package let slot: Int64
        package let group: RollupGroup

        package init(cut: RollupCut, step: Int64, slot: Int64, group: RollupGroup) {
            (self.cut, self.step, self.slot, self.group) = (cut, step, slot, group)
        }
    }

    private struct Counted {
        let minute: Int64
        let group: RollupGroup
        var rollup = Rollup()
    }

    private var scanner = RecordScanner()
    private var counted: [Counted] = []
    /// The index in `counted`, by minute and the group's members.
    private var places: [[UInt8]: Int] = [:]
    private var key: [UInt8] = []
    private static let fields: [RecordField] = [
        .phase, .callerName, .operation, .kind, .projectName, .projectID, .outcome, .errorCode, .source, .credentialName,
    ]

    package init() {}

    /// The newest counted minute since 1970; nil if nothing was counted.
    package var newest: Int64? { counted.map(\.minute).max() }

    /// Adds a record's line; a record that neither ends an exchange nor sums up refusals counts nothing.
    package mutating func add(_ line: UnsafeRawBufferPointer) {
        guard scanner.scan(line), let time = Timestamp(UnsafeRawBufferPointer(rebasing: line[scanner[.time]])),
            let entry = RollupEntry(scanner, line, time: time.microseconds)
        else { return }
        key.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: entry.minute) { key.append(contentsOf: $0) }
        for field in Self.fields {
            key.append(contentsOf: line[scanner[field]])
            key.append(0)
        }
        if let code = entry.detailedCode { key.append(contentsOf: code.utf8) }
        if places[key] == nil {
            places[key] = counted.count
            counted.append(Counted(minute: entry.minute, group: RollupGroup(scanner, line, entry)))
        }
        guard let place = places[key] else { return }
        entry.add(to: &counted[place].rollup)
    }

    /// The counts, for each cut and length of slots.
    package var rows: [RowKey: Rollup] {
        var rows: [RowKey: Rollup] = [:]
        for each in counted {
            for cut in RollupCut.allCases {
                let group = cut.group(of: each.group)
                for step in RollupStep.allCases {
                    let key = RowKey(cut: cut, step: step.rawValue, slot: step.slot(each.minute), group: group)
                    rows[key, default: Rollup()].add(each.rollup)
                }
            }
        }
        return rows
    }

    /// Slots past their retention, once a minute was counted: for each length, all before the given one. They are kept a
    /// day longer than readers expect, so that two queries in a row find the same.
    package static func expired(newest: Int64) -> [(step: Int64, before: Int64)] {
        RollupStep.allCases.filter { $0.days != nil }.map { ($0.rawValue, $0.kept(newest: newest.saturatingDifference(RollupStep.day.rawValue))) }
    }
}

extension RollupGroup {
    /// The names of its columns in a table.
    package static let columns = [
        "phase", "caller", "operation", "kind", "project_name", "project_id", "outcome", "error_code", "source", "credential",
    ]

    /// The columns' values.
    package var values: [String] {
        [phase, caller, operation, kind, projectName, projectID, outcome, errorCode, source, credential]
    }

    /// - Parameter values: as many as there are columns.
    package init(values: some Collection<String?>) {
        var rest = values.makeIterator()
        func next() -> String { (rest.next() ?? nil) ?? "" }
        (phase, caller, operation, kind, projectName) = (next(), next(), next(), next(), next())
        (projectID, outcome, errorCode, source, credential) = (next(), next(), next(), next(), next())
    }
}

extension Rollup {
    /// The names of its columns in a table.
    package static let columns = ["count", "bytes", "durations", "waits", "longest"]

    /// The columns' values: three numbers, and two histograms as text.
    package var values: [String] { [String(count), String(bytes), durations.text, waits.text, String(longestWait)] }

    /// Nil if one of them can't be read.
    package init?(values: some Collection<String?>) {
        let texts = values.map { $0 ?? "" }
        guard texts.count == Self.columns.count, let count = Int64(texts[0]), let bytes = Int64(texts[1]), let longest = Int64(texts[4]),
            min(count, bytes, longest) >= 0
        else { return nil }
        (self.count, self.bytes, longestWait) = (count, bytes, longest)
        for (text, histogram) in [(texts[2], \Rollup.durations), (texts[3], \Rollup.waits)] {
            var text = text
            guard text.withUTF8({ self[keyPath: histogram].add(text: UnsafeRawBufferPointer($0)) }) else { return nil }
        }
    }
}
