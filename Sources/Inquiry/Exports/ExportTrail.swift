package import Audit

/// The life of one export: its creation, its polls, its downloads, whoever made them and whichever run of the gateway recorded them.
package struct ExportTrail: Sendable {
    /// What a record is in an export's life.
    package enum Step: String, Sendable {
        case create, poll, download
    }

    /// How far an export came, as far as the journal knows.
    package enum State: String, Sendable, CaseIterable {
        /// HSS works on it.
        case pending
        /// The file is there, and nobody fetched it.
        case ready
        /// Somebody has the whole file.
        case downloaded
        /// Each download broke off.
        case downloadIncomplete = "download_incomplete"
        /// No task came about.
        case failed
    }

    /// What was read to know it, and so how far it can be known.
    package enum Coverage: Sendable {
        /// A gateway's own journal, which has all of it when the gateway is alone.
        case journal
        /// The same of a gateway that is one of several: what the others did is not there.
        case oneOfSeveral
        /// The central copy, as far as each gateway's records had come at that time.
        case copies([FleetArchive.Member], asOf: Timestamp)
    }

    package var coverage = Coverage.journal

    /// HSS's id of the task; nothing when only a download is known.
    package let taskID: String?
    /// The records that end an exchange, and requests that no record ends, the oldest first.
    package let steps: [(step: Step, record: JournalRecord)]

    /// False where the journal has more records of it than are read for one life.
    package let isComplete: Bool

    init(taskID: String?, records: [JournalRecord], isComplete: Bool = true) {
        self.taskID = taskID
        self.isComplete = isComplete
        let ended = Set(records.filter { $0.phase != .request }.compactMap { $0[.id] })
        var seen: Set<RecordReference> = []
        steps = Self.sorted(records).compactMap { record in
            guard seen.insert(RecordReference(instance: record.instance, sequence: record.sequence)).inserted else { return nil }
            if record.phase == .request, let id = record[.id], ended.contains(id) { return nil }
            switch record[.kind] {
            case Record.Kind.export.rawValue: return (.create, record)
            case Record.Kind.download.rawValue: return (.download, record)
            default: return (.poll, record)
            }
        }
    }

    /// Which record of whose journal.
    private struct RecordReference: Hashable {
        let instance: String?
        let sequence: UInt64
    }

    /// Whether several gateways had a part in it.
    package var isOfSeveral: Bool { Set(steps.map(\.record.instance)).count > 1 }

    /// In one journal the numbers tell what came first; between journals only the clocks can.
    private static func sorted(_ records: [JournalRecord]) -> [JournalRecord] {
        guard Set(records.map(\.instance)).count > 1 else { return records.sorted { $0.sequence < $1.sequence } }
        return records.sorted { left, right in
            (left.time.microseconds, left.instance ?? "", left.sequence) < (right.time.microseconds, right.instance ?? "", right.sequence)
        }
    }

    /// The record of the task's creation.
    package var creation: JournalRecord? { steps.first { $0.step == .create }?.record }
    /// The polls, the oldest first.
    package var polls: [JournalRecord] { steps.filter { $0.step == .poll }.map(\.record) }
    /// The downloads, the oldest first.
    package var downloads: [JournalRecord] { steps.filter { $0.step == .download }.map(\.record) }
    /// The files that the task ended in.
    package var fileIDs: [String] {
        var ids: [String] = []
        for (_, record) in steps { if let id = record[.fileID], !ids.contains(id) { ids.append(id) } }
        return ids
    }
    /// How many rows HSS announced.
    package var rows: Int64? { steps.lazy.compactMap { $0.record.integer(.recordTotalNum) }.first }

    /// How far the export came, as far as this journal knows.
    package var state: State {
        if downloads.contains(where: Self.isWhole) { return .downloaded }
        if !downloads.isEmpty { return .downloadIncomplete }
        if !fileIDs.isEmpty { return .ready }
        return creation?[.outcome] == Record.Outcome.success.rawValue || creation == nil ? .pending : .failed
    }

    private static func isWhole(_ download: JournalRecord) -> Bool { download[.outcome] == Record.Outcome.success.rawValue }

    /// How often somebody got the whole file.
    package var wholeDownloads: Int { downloads.count(where: Self.isWhole) }

    /// How long its creation waited for its turn before HSS's quota, microseconds; nothing where it didn't have to.
    package var waited: Int64? { creation?.waited }

    /// Who fetched the whole file and had not asked for it, each once; empty where nobody knows who asked.
    package var foreignDownloaders: [String] {
        guard let owner = creation?[.callerName], !owner.isEmpty else { return [] }
        var names: [String] = []
        for download in downloads where Self.isWhole(download) {
            if let name = download[.callerName], name != owner, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Whether a step that isn't here may have happened all the same.
    var mayHaveMore: Bool {
        switch coverage {
        case .journal: false
        case .oneOfSeveral, .copies: state != .downloaded
        }
    }
}
