import Files
internal import Glibc

/// The names in a directory, read without its lock.
package enum DirectoryListing {
    /// The results of `take` for all names in an open directory that it accepts; nil if the directory can't be read.
    static func names<Name>(in directory: Int32, _ take: (String) -> Name?) -> [Name]? {
        let listing = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listing >= 0 else { return nil }
        guard let stream = fdopendir(listing) else {
            close(listing)
            return nil
        }
        defer { closedir(stream) }
        var names: [Name] = []
        while let entry = readdir(stream) {
            let text = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if let name = take(text) { names.append(name) }
        }
        return names
    }

    /// The segments in an open directory, the oldest first. If a segment exists both compressed and plain, the plain one is used, because it is
    /// removed only after the other is complete.
    static func segments(in directory: Int32) -> [SegmentName]? {
        guard let names = names(in: directory, { SegmentName($0) }) else { return nil }
        let sorted = names.sorted { $0.first != $1.first ? $0.first < $1.first : !$0.isCompressed && $1.isCompressed }
        var kept: [SegmentName] = []
        for name in sorted where kept.last?.first != name.first { kept.append(name) }
        return kept
    }

    /// Files that look like parts of the journal but are not read as such: files that the gateway has renamed, compressed segments next to their
    /// plain form, and names that no segment can have.
    static func strangers(under path: String) -> [String] {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return [] }
        defer { close(directory) }
        let kept = Set((segments(in: directory) ?? []).map(\.text))
        let prefixes = ["journal-", SegmentName.displacedPrefix, SegmentName.tornPrefix]
        let alike = names(in: directory) { name in prefixes.contains { name.hasPrefix($0) } ? name : nil } ?? []
        return alike.filter { !kept.contains($0) && !$0.hasSuffix(FileDraft.suffix) }.sorted()
    }

    /// The segments of the journal under a path.
    package static func segments(under path: String) throws(JournalError) -> [SegmentName] {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .directoryUnusable(path: path, code: errno) }
        defer { close(directory) }
        guard let names = segments(in: directory) else { throw .directoryUnusable(path: path, code: errno) }
        return names
    }

    /// Whether a directory holds a journal, or remains of one: a segment, the file about removed ones, or a checkpoint. Throws where that can't be
    /// seen, as by a user who may not read the directory.
    package static func holdsJournal(_ path: String) throws(JournalError) -> Bool {
        do throws(JournalError) {
            if try !segments(under: path).isEmpty { return true }
        } catch {
            guard case .directoryUnusable(_, let code) = error, [ENOENT, ENOTDIR].contains(code) else { throw error }
            return false
        }
        if case .prefix = RemovedPrefix.load(path) { return true }
        let store = CheckpointStore(directory: path)
        return store.newest() != nil || !store.sizes().isEmpty
    }
}
