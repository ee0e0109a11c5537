internal import Glibc

/// Whether a journal tells of the cloud or of a stand-in for it. It is one or the other from its first record on, so that neither can be taken for
/// the other: its first event says so, and a file beside it, which outlives the segment with that event.
package enum JournalNature: String, Sendable, Hashable {
    case real
    case sandbox

    /// The first event of a sandbox's journal.
    package static let event = "sandbox_journal"
    /// The file.
    static let fileName = "sandbox"
    /// The same, for those who look from outside.
    package static var markName: String { fileName }

    /// What the journal in a directory began as.
    static func of(_ directory: JournalDirectory, _ segments: [SegmentName]) -> JournalNature {
        if directory.length(of: fileName) != nil { return .sandbox }
        guard let first = segments.first, first.first == 0, var source = try? LineSource(first, under: directory.path), let line = try? source.next()
        else { return .real }
        return RecordFields(line)?.text(.event) == event ? .sandbox : .real
    }

    /// Leaves the mark of a journal that begins.
    func mark(_ directory: JournalDirectory) throws(JournalError) {
        guard self == .sandbox else {
            // Left by a sandbox that never got a record.
            if directory.length(of: Self.fileName) != nil { _ = directory.remove(Self.fileName) }
            return
        }
        let text = "This journal tells of a sandbox, not of Huawei Cloud.\n"
        if let error = SmallFile.replace("\(directory.path)/\(Self.fileName)", text, isDurable: true) {
            throw .cannotOpen(segment: Self.fileName, code: error.code)
        }
    }
}
