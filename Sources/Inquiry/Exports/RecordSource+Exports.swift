import Audit

extension RecordSource {
    /// The most records of one export that are read: a poll every five seconds for most of a day.
    private var recordsOfExport: Int { 10_000 }

    /// The trail of an export; nil when the journal doesn't contain the task.
    /// - Parameter project: its project: a task's id is unique within one, and only there. Nil: all tasks of that id in one trail.
    package func trail(task: String, in project: String? = nil) throws(InquiryError) -> ExportTrail? {
        var query = RecordQuery()
        (query.task, query.project) = (task, project)
        var (records, isComplete) = try all(query)
        guard !records.isEmpty else { return nil }
        for file in ExportTrail(taskID: task, records: records).fileIDs {
            var downloads = RecordQuery()
            (downloads.file, downloads.project) = (file, project)
            let found = try all(downloads)
            records += found.records
            isComplete = isComplete && found.isComplete
        }
        return ExportTrail(taskID: task, records: records, isComplete: isComplete)
    }

    /// The task that created a file; nil if the journal doesn't contain it.
    package func task(ofFile file: String, in project: String?) throws(InquiryError) -> String? {
        var query = RecordQuery()
        (query.file, query.project, query.order) = (file, project, .oldest)
        var task: String?
        try forEach(query) { record in
            task = record[.taskID]
            return task == nil
        }
        return task
    }

    /// The trails of the exports whose file has this SHA-256 (64 digits). Usually there is one; several exports may have made the same empty file.
    package func trails(digest: String) throws(InquiryError) -> [ExportTrail] {
        var trails: [ExportTrail] = []
        try forEachTrail(digest: digest) { trail in
            trails.append(trail)
            return trails.count < Self.mostTrails
        }
        return trails
    }

    /// The most trails in memory at once.
    private static var mostTrails: Int { 100 }

    /// The same, one trail at a time: each is released before the next is read; ends when `body` returns false.
    package func forEachTrail(digest: String, _ body: (ExportTrail) -> Bool) throws(InquiryError) {
        var query = RecordQuery()
        query.digest = digest
        var known: Set<[String]> = []
        let files = Set(try all(query).records.compactMap { record in record[.fileID].map { [$0, record[.projectID] ?? ""] } })
        for place in files.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let (file, project) = (place[0], place[1].isEmpty ? nil : place[1])
            var steps = RecordQuery()
            (steps.file, steps.project) = (file, project)
            let (records, isComplete) = try all(steps)
            let task = records.lazy.compactMap { $0[.taskID] }.first
            guard known.insert([place[1], task.map { "task:" + $0 } ?? "file:" + file]).inserted else { continue }
            let found = if let task { try trail(task: task, in: project) } else { ExportTrail?.none }
            guard body(found ?? ExportTrail(taskID: nil, records: records, isComplete: isComplete)) else { return }
        }
    }

    /// A page of exports in the order of their creation, one trail at a time: each is released before the next is read; ends when `body` returns
    /// false.
    ///
    /// - Parameters:
    ///   - filter: exports that don't match are read and skipped until the page is full.
    ///   - deadline: when the search stops, even if the page is not full; the page's end says where to continue.
    package func forEachExport(
        _ query: RecordQuery, _ filter: ExportFilter, deadline: ContinuousClock.Instant, _ body: (ExportTrail) -> Bool
    ) throws(InquiryError) -> ExportFilter.PageEnd {
        var creations = query
        creations.kind = .export
        creations.phase = .response
        var count = 0
        while true {
            let page = try page(creations)
            for (index, creation) in page.records.enumerated() {
                let found = if let task = creation[.taskID] { try trail(task: task, in: creation[.projectID]) } else { ExportTrail?.none }
                let trail = found ?? ExportTrail(taskID: nil, records: [creation])
                var goesOn = true
                if filter.matches(trail) {
                    count += 1
                    goesOn = body(trail)
                }
                let isFull = !goesOn || count == query.limit
                guard isFull || ContinuousClock.now > deadline else { continue }
                let next = index + 1 < page.records.count ? cursor(behind: creation) : page.next
                return ExportFilter.PageEnd(next: next, isComplete: isFull || next == nil)
            }
            guard let next = page.next else { return ExportFilter.PageEnd(next: nil, isComplete: true) }
            creations.cursor = next
        }
    }

    /// The records of a query, the oldest first, up to the limits of one trail in number and in bytes, and whether these are all.
    private func all(_ query: RecordQuery) throws(InquiryError) -> (records: [JournalRecord], isComplete: Bool) {
        var query = query
        query.order = .oldest
        var records: [JournalRecord] = []
        var (bytes, isComplete) = (0, true)
        try forEach(query) { record in
            isComplete = records.count < recordsOfExport && bytes < bounds.bytes
            guard isComplete else { return false }
            records.append(record)
            bytes += record.line.count
            return true
        }
        return (records, isComplete)
    }
}
