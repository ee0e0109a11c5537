import Audit
import Crypto
import Glibc

extension RecordSource {
    /// Most records of one export that are looked at: a poll every five seconds for most of a day.
    private var recordsOfExport: Int { 10_000 }

    /// The life of an export; nothing when the journal doesn't know the task.
    package func trail(task: String) throws(InquiryError) -> ExportTrail? {
        var query = RecordQuery()
        query.task = task
        var (records, isComplete) = try all(query)
        guard !records.isEmpty else { return nil }
        for file in ExportTrail(taskID: task, records: records).fileIDs {
            var downloads = RecordQuery()
            downloads.file = file
            let found = try all(downloads)
            records += found.records
            isComplete = isComplete && found.isComplete
        }
        return ExportTrail(taskID: task, records: records, isComplete: isComplete)
    }

    /// The task that a file came from; nothing where the journal doesn't know it.
    package func task(ofFile file: String) throws(InquiryError) -> String? {
        var query = RecordQuery()
        (query.file, query.order) = (file, .oldest)
        var task: String?
        try forEach(query) { record in
            task = record[.taskID]
            return task == nil
        }
        return task
    }

    /// The lives of the exports whose file somebody holds, by its SHA-256 in 64 digits. Usually there is one; a file without rows may be several's.
    package func trails(digest: String) throws(InquiryError) -> [ExportTrail] {
        var trails: [ExportTrail] = []
        try forEachTrail(digest: digest) { trail in
            trails.append(trail)
            return trails.count < Self.mostTrails
        }
        return trails
    }

    /// Most lives that are held at once.
    private static var mostTrails: Int { 100 }

    /// The same one after the other, each let go before the next is read, until `body` says false.
    package func forEachTrail(digest: String, _ body: (ExportTrail) -> Bool) throws(InquiryError) {
        var query = RecordQuery()
        query.digest = digest
        var known: Set<String> = []
        for file in try Set(all(query).records.compactMap { $0[.fileID] }).sorted() {
            var steps = RecordQuery()
            steps.file = file
            let (records, isComplete) = try all(steps)
            let task = records.lazy.compactMap { $0[.taskID] }.first
            guard known.insert(task.map { "task:" + $0 } ?? "file:" + file).inserted else { continue }
            let found = if let task { try trail(task: task) } else { ExportTrail?.none }
            guard body(found ?? ExportTrail(taskID: nil, records: records, isComplete: isComplete)) else { return }
        }
    }

    /// A page of exports by their creation: the life of each, one after the other and each let go before the next is read, until `body` says false.
    ///
    /// - Parameters:
    ///   - filter: what it leaves out is read and passed over, until the page is full.
    ///   - deadline: when looking ends, whatever was found; the page's end says where to go on.
    package func forEachExport(
        _ query: RecordQuery, _ filter: ExportFilter, deadline: ContinuousClock.Instant, _ body: (ExportTrail) -> Bool
    ) throws(InquiryError) -> ExportPageEnd {
        var creations = query
        creations.kind = .export
        creations.phase = .response
        var count = 0
        while true {
            let page = try page(creations)
            for (index, creation) in page.records.enumerated() {
                let found = if let task = creation[.taskID] { try trail(task: task) } else { ExportTrail?.none }
                let trail = found ?? ExportTrail(taskID: nil, records: [creation])
                var goesOn = true
                if filter.matches(trail) {
                    count += 1
                    goesOn = body(trail)
                }
                let isFull = !goesOn || count == query.limit
                guard isFull || ContinuousClock.now > deadline else { continue }
                let next = index + 1 < page.records.count ? cursor(behind: creation) : page.next
                return ExportPageEnd(next: next, isComplete: isFull || next == nil)
            }
            guard let next = page.next else { return ExportPageEnd(next: nil, isComplete: true) }
            creations.cursor = next
        }
    }

    /// The records that a query asks for, the oldest first, as many as one life may have: by number and by bytes.
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

/// The SHA-256 of a file that somebody holds.
package enum FileDigest {
    private static let piece = 256 << 10

    /// 64 digits.
    package static func of(path: String) throws(InquiryError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fileUnreadable(path: path, code: errno) }
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: piece)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .fileUnreadable(path: path, code: errno) }
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return SHA256Hash(hash.finalize()).map(\.description) ?? ""
    }
}
