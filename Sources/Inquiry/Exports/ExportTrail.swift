package import Audit

/// The records of one export: its creation, its polls and its downloads, by all callers and over all restarts of the gateway.
package struct ExportTrail: Sendable {
    /// The step of an export that a record is about.
    package enum Step: String, Sendable {
        case create, poll, download
    }

    /// The export's last known state.
    package enum State: String, Sendable, CaseIterable {
        /// HSS works on it.
        case pending
        /// The file exists, and was not fetched.
        case ready
        /// The whole file was fetched.
        case downloaded
        /// No download was complete.
        case downloadIncomplete = "download_incomplete"
        /// No task was created.
        case failed
    }

    /// Which source was read, and so how complete the trail can be.
    package enum Coverage: Sendable {
        /// A gateway's own journal: complete when the gateway is alone.
        case journal
        /// The journal of one of several gateways: steps at other gateways are missing.
        case oneOfSeveral
        /// The central copy, with the records that each gateway had shipped at that time.
        case copies([FleetArchive.Member], asOf: Timestamp)
    }

    package var coverage = Coverage.journal

    /// HSS's id of the task; nil when only a download is known.
    package let taskID: String?
    /// The records that end an exchange, and requests without a closing record, the oldest first.
    package let steps: [(step: Step, record: JournalRecord)]

    /// False if the journal has more records of it than are read for one trail.
    package let isComplete: Bool

    /// The downloads by which a caller got the whole file, at once or as its last part.
    private let wholes: Set<RecordReference>

    init(taskID: String?, records: [JournalRecord], isComplete: Bool = true) {
        self.taskID = taskID
        self.isComplete = isComplete
        var received = ReceivedParts()
        var wholes: Set<RecordReference> = []
        let ended = Set(records.filter { $0.phase != .request }.compactMap { $0[.id] })
        var seen: Set<RecordReference> = []
        steps = Self.sorted(records).compactMap { record in
            let reference = RecordReference(record)
            guard seen.insert(reference).inserted else { return nil }
            if record.phase == .request, let id = record[.id], ended.contains(id) { return nil }
            switch record[.kind] {
            case Record.Kind.export.rawValue: return (.create, record)
            case Record.Kind.download.rawValue:
                if record.phase != .request, received.take(record) { wholes.insert(reference) }
                return (.download, record)
            default: return (.poll, record)
            }
        }
        self.wholes = wholes
    }

    /// A record's number and journal.
    private struct RecordReference: Hashable {
        let instance: String?
        let sequence: UInt64

        init(_ record: JournalRecord) { (instance, sequence) = (record.instance, record.sequence) }
    }

    /// Whether several gateways recorded steps of it.
    package var isOfSeveral: Bool { Set(steps.map(\.record.instance)).count > 1 }

    /// Within one journal the numbers give the order; between journals only the times do.
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
    /// The files that the task made.
    package var fileIDs: [String] {
        var ids: [String] = []
        for (_, record) in steps { if let id = record[.fileID], !ids.contains(id) { ids.append(id) } }
        return ids
    }
    /// How many rows HSS announced.
    package var rows: Int64? { steps.lazy.compactMap { $0.record.integer(.recordTotalNum) }.first }

    /// The state that these records show.
    package var state: State {
        if !wholes.isEmpty { return .downloaded }
        // A HEAD asks for nothing of the file.
        if downloads.contains(where: { $0[.method] != "HEAD" }) { return .downloadIncomplete }
        if !fileIDs.isEmpty { return .ready }
        return creation?[.outcome] == Record.Outcome.success.rawValue || creation == nil ? .pending : .failed
    }

    /// Whether its caller got the whole file by this download: at once, or the last part of it.
    package func isWhole(_ download: JournalRecord) -> Bool { wholes.contains(RecordReference(download)) }

    /// How often a caller received the whole file.
    package var wholeDownloads: Int { wholes.count }

    /// How long its creation waited for its turn under HSS's quota, microseconds; nil if it didn't wait.
    package var waited: Int64? { creation?.waited }

    /// Callers who fetched the whole file and did not create the export, each once; empty if its creator is unknown.
    package var foreignDownloaders: [String] {
        let creations = steps.filter { $0.step == .create }.map(\.record)
        var names: [String] = []
        for download in downloads where isWhole(download) {
            // Another project's task of the same id is another export.
            guard let owner = creations.first(where: { $0[.projectID] == download[.projectID] })?[.callerName], !owner.isEmpty else { continue }
            if let name = download[.callerName], name != owner, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Whether steps may have happened that this source does not have.
    var mayHaveMore: Bool {
        switch coverage {
        case .journal: false
        case .oneOfSeveral, .copies: state != .downloaded
        }
    }
}
