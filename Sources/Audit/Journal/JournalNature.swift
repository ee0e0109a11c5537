import Files
internal import Glibc

/// Whether a journal records calls to the cloud or to the sandbox. This is fixed with its first record, so that neither can be mistaken for the
/// other: by its first event, and by a file next to it, which is kept after the segment with that event was removed.
package enum JournalNature: String, Sendable, Hashable {
    case real
    case sandbox

    /// The first event of a sandbox's journal.
    package static let event = "sandbox_journal"
    /// The name of the file that marks a sandbox's journal.
    package static let markName = "sandbox"

    /// The nature of the journal in a directory.
    static func of(_ directory: JournalDirectory, _ segments: [SegmentName]) -> JournalNature {
        if directory.length(of: markName) != nil { return .sandbox }
        guard let first = segments.first, first.first == 0, var source = try? LineSource(first, under: directory.path), let line = try? source.next()
        else { return .real }
        return RecordFields(line)?.text(.event) == event ? .sandbox : .real
    }

    /// Writes the mark of a new journal.
    func mark(_ directory: JournalDirectory) throws(JournalError) {
        guard self == .sandbox else {
            // The mark of a sandbox journal that never got a record.
            if directory.length(of: Self.markName) != nil { _ = directory.remove(Self.markName) }
            return
        }
        let text = "This journal tells of a sandbox, not of Huawei Cloud.\n"
        if let error = SmallFile.replace("\(directory.path)/\(Self.markName)", text, isDurable: true) {
            throw .cannotOpen(segment: Self.markName, code: error.code)
        }
    }
}
