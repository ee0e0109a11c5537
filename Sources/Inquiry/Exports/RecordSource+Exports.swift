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
        var records = try all(query)
        guard !records.isEmpty else { return nil }
        for file in ExportTrail(taskID: task, records: records).fileIDs {
            var downloads = RecordQuery()
            downloads.file = file
            records += try all(downloads)
        }
        return ExportTrail(taskID: task, records: records)
    }

    /// The lives of the exports whose file somebody holds, by its SHA-256 in 64 digits. Usually there is one; a file without rows may be several's.
    package func trails(digest: String) throws(InquiryError) -> [ExportTrail] {
        var query = RecordQuery()
        query.digest = digest
        var trails: [ExportTrail] = []
        var known: Set<String> = []
        for download in try all(query) {
            guard let file = download[.fileID] else { continue }
            var steps = RecordQuery()
            steps.file = file
            let records = try all(steps)
            let task = records.lazy.compactMap { $0[.taskID] }.first
            guard known.insert(task.map { "task:" + $0 } ?? "file:" + file).inserted else { continue }
            if let task, let trail = try trail(task: task) { trails.append(trail) } else { trails.append(ExportTrail(taskID: nil, records: records)) }
        }
        return trails
    }

    /// A page of exports by their creation, with the life of each.
    package func exports(_ query: RecordQuery) throws(InquiryError) -> (trails: [ExportTrail], next: RecordCursor?) {
        var creations = query
        creations.kind = .export
        creations.phase = .response
        let page = try page(creations)
        var trails: [ExportTrail] = []
        for creation in page.records {
            let trail = if let task = creation[.taskID] { try trail(task: task) } else { ExportTrail?.none }
            trails.append(trail ?? ExportTrail(taskID: nil, records: [creation]))
        }
        return (trails, page.next)
    }

    private func all(_ query: RecordQuery) throws(InquiryError) -> [JournalRecord] {
        var query = query
        query.order = .oldest
        var records: [JournalRecord] = []
        try forEach(query) { record in
            records.append(record)
            return records.count < recordsOfExport
        }
        return records
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
