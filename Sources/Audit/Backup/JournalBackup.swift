import Codecs
import Files
internal import Glibc

/// Copies a journal while a gateway writes to it. The copy is a separate, verifiable journal.
///
/// 1. Checkpoints are copied before segments, so that the copy has every record that its checkpoints sign.
/// 2. Of the segment that is being written, only complete lines are copied. A closed segment that the backup has completely is not copied again.
/// 3. Nothing is removed from the backup, except the first part of a segment that was copied completely since then.
/// 4. Copies wait under other names until all of them are complete, and get their own together. A backup that is interrupted, by a full disk or the
///    machine's end, leaves the one before as it was.
package struct JournalBackup {
    /// A key's file, and its name in the backup.
    package struct Key: Sendable {
        package let path: String
        package let name: String

        package init(path: String, name: String) {
            self.path = path
            self.name = name
        }
    }

    /// The result of a backup.
    package struct Summary: Sendable {
        /// Files copied, and their bytes.
        package var files = 0
        package var bytes: Int64 = 0
        /// Segments that the backup had.
        package var kept = 0
        /// Of the copy.
        package var report = VerificationReport()
    }

    static let journalName = "journal"
    static let keysName = "keys"
    /// How often the backup restarts because retention removed listed segments.
    private static let attempts = 5

    private let source: String
    private let target: String
    private var manifest: BackupManifest
    private var summary = Summary()
    /// The digests of copies that wait, and the segments that they supersede, by their paths below the directory.
    private var waiting: [String: SHA256Hash] = [:]
    private var superseded: [String] = []
    /// Segments whose waiting copy is of a closed one.
    private var closed: Set<SegmentName> = []
    /// Whether a broken journal is also copied.
    package var acceptsBroken = false
    /// The content of files with checkpoints from an anchor, by their names.
    package var elsewhere: [(file: String, content: String)] = []

    /// - Parameters:
    ///   - source: the journal's directory.
    ///   - target: the backup's directory; created if it is missing.
    package init(of source: String, to target: String) throws(BackupFault) {
        self.source = source
        self.target = target
        guard !Self.leads(target, into: source) else { throw .inJournal(path: target) }
        for folder in [target, "\(target)/\(Self.journalName)", "\(target)/\(Self.journalName)/\(CheckpointStore.directoryName)"] {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .file(path: folder, code: errno) }
        }
        if let manifest = BackupManifest(target) {
            self.manifest = manifest
            let own = CheckpointStore(directory: source).newest()?.origin
            let theirs = CheckpointStore(directory: "\(target)/\(Self.journalName)").newest()?.origin
            guard own == theirs || theirs == nil else { throw .notABackup(path: target) }
        } else {
            manifest = BackupManifest()
            let hasJournal: Bool
            do throws(JournalError) {
                hasJournal = try DirectoryListing.holdsJournal("\(target)/\(Self.journalName)")
            } catch {
                throw .unreadable(error)
            }
            guard !hasJournal, access("\(target)/\(BackupManifest.fileName)", F_OK) != 0 else { throw .notABackup(path: target) }
        }
    }

    /// Whether a path, or the part of it that exists, is a directory or lies in it.
    private static func leads(_ path: String, into directory: String) -> Bool {
        var existing = path
        while access(existing, F_OK) != 0, existing != "." { existing = PathText.parent(of: existing) }
        guard let inner = realpath(existing, nil), let outer = realpath(directory, nil) else { return false }
        defer {
            free(inner)
            free(outer)
        }
        let (place, whole) = (String(cString: inner), String(cString: outer))
        return place == whole || place.hasPrefix(whole + "/")
    }

    /// Copies new data, and verifies the copy.
    package mutating func run(keys: [Key], trusting given: [NoteVerifier]) throws(BackupFault) -> Summary {
        guard let lock = BackupLock.take(target) else { throw .inUse(path: target) }
        defer { close(lock) }
        // What was written before the lock was taken.
        manifest = BackupManifest(target) ?? BackupManifest()
        manifest.settle(target)
        do throws(BackupFault) {
            try copy(keys, trusting: given)
        } catch {
            // A disk that is full should not stay so because of copies that are worth nothing.
            (BackupManifest(target) ?? BackupManifest()).settle(target)
            throw error
        }
        summary.report = try Self.verify(journal, given, elsewhere)
        return summary
    }

    private mutating func copy(_ keys: [Key], trusting given: [NoteVerifier]) throws(BackupFault) {
        if !acceptsBroken { _ = try Self.verify(source, given, elsewhere) }
        try copyKeys(keys)
        try copyCheckpoints()
        for attempt in 1... {
            do throws(BackupFault) {
                try copySegments()
                break
            } catch {
                guard case .file(_, ENOENT) = error else { throw error }
                guard attempt < Self.attempts else { throw .unstable }
            }
        }
        for name in [JournalNature.markName] where access("\(source)/\(name)", F_OK) == 0 { try copy(name) }
        try replace()
    }

    private var journal: String { "\(target)/\(Self.journalName)" }

    /// The first file of an earlier backup in this directory that is one of these keys' names; nil if there is none.
    package func held(of keys: [String]) -> String? {
        keys.lazy.map { "\(Self.keysName)/\($0)" }.first { manifest.digests[$0] != nil || access("\(target)/\($0)", F_OK) == 0 }
    }

    /// Gives the copies their names. The sums are replaced first: from then on the next backup or a restore can finish this.
    private mutating func replace() throws(BackupFault) {
        for path in superseded { manifest.digests[path] = nil }
        manifest.digests.merge(waiting) { _, new in new }
        if let error = manifest.store(target) { throw .file(path: target, code: error.code) }
        manifest.settle(target)
        for path in superseded { unlink("\(target)/\(path)") }
        for folder in Set(waiting.keys.map { "\(target)/\($0)" }) {
            if let error = FileDirectory.sync(of: folder) { throw .file(path: folder, code: error.code) }
        }
    }

    /// Recomputes a journal; one that is broken is a fault.
    static func verify(
        _ directory: String, _ keys: [NoteVerifier], _ elsewhere: [(file: String, content: String)]
    ) throws(BackupFault) -> VerificationReport {
        var verifier = JournalVerifier(directory: directory, keys: keys, elsewhere: elsewhere)
        let report: VerificationReport
        do throws(JournalError) {
            report = try verifier.verify()
        } catch {
            throw .unreadable(error)
        }
        guard report.fault == nil else { throw .broken(report) }
        return report
    }

    private mutating func copyKeys(_ keys: [Key]) throws(BackupFault) {
        guard !keys.isEmpty else { return }
        guard mkdir("\(target)/\(Self.keysName)", 0o700) == 0 || errno == EEXIST else {
            throw .file(path: "\(target)/\(Self.keysName)", code: errno)
        }
        for key in keys { try copy(from: key.path, to: "\(Self.keysName)/\(key.name)") }
    }

    private mutating func copyCheckpoints() throws(BackupFault) {
        let store = CheckpointStore(directory: source)
        // Copies the newest first: checkpoints made later are not part of this copy.
        guard store.newest() != nil else { return }
        try copy(CheckpointStore.newestName)
        let copied = try? SmallFile.read("\(journal)/\(CheckpointStore.newestName)\(BackupManifest.nextSuffix)").get()
        let limit = copied.flatMap { SignedCheckpoint(note: $0) }?.head.size ?? 0
        for size in store.sizes() where size <= limit {
            let name = "\(CheckpointStore.directoryName)/\(SegmentName.digits(size))"
            if manifest.digests["\(Self.journalName)/\(name)"] == nil, access("\(source)/\(name)", F_OK) == 0 { try copy(name) }
        }
    }

    private mutating func copySegments() throws(BackupFault) {
        let names = try Self.segments(source)
        let held = try Self.segments(journal)
        guard let first = names.first else { return }
        if let end = try end(of: held), end < first.first { throw .gap(end: end, first: first.first) }
        if held.isEmpty, case .prefix = RemovedPrefix.load(source) { try copy(RemovedPrefix.fileName) }
        for (index, name) in names.enumerated() {
            let following = index + 1 < names.count ? names[index + 1].first : nil
            let old = held.first { $0.first == name.first }
            if closed.contains(name) { continue }
            if let old, let following, hasRecord(following - 1, old), hasSum(old) {
                summary.kept += 1
                continue
            }
            try copySegment(name, isLast: following == nil)
            if following != nil { closed.insert(name) }
            if let old, old != name, following != nil { superseded.append("\(Self.journalName)/\(old.text)") }
        }
    }

    /// Whether the sums name a segment of the backup.
    private func hasSum(_ name: SegmentName) -> Bool { manifest.digests["\(Self.journalName)/\(name.text)"] != nil }

    private mutating func copySegment(_ name: SegmentName, isLast: Bool) throws(BackupFault) {
        // An earlier attempt may have copied its other form.
        for form in [SegmentName(first: name.first), name.compressed] where form != name { waiting["\(Self.journalName)/\(form.text)"] = nil }
        var length: Int?
        if isLast, !name.isCompressed {
            switch FileCopy.wholeLines("\(source)/\(name.text)") {
            case .success(let whole): length = whole
            case .failure(let error): throw .file(path: "\(source)/\(name.text)", code: error.code)
            }
        }
        do throws(BackupFault) {
            try copy(name.text, length: length)
        } catch {
            // It was compressed since it was listed.
            guard case .file(_, ENOENT) = error, !name.isCompressed else { throw error }
            try copy(name.compressed.text)
            superseded.append("\(Self.journalName)/\(name.text)")
        }
    }

    private static func segments(_ directory: String) throws(BackupFault) -> [SegmentName] {
        do throws(JournalError) {
            return try DirectoryListing.segments(under: directory)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Whether a segment of the backup has a record.
    private func hasRecord(_ number: UInt64, _ name: SegmentName) -> Bool {
        guard var source = try? LineSource(name, under: journal, at: number) else { return false }
        while let line = try? source.next() {
            if let head = RecordLineHead(line), head.sequence == number { return true }
        }
        return false
    }

    /// The number after the last record of the backup; nil if it is new.
    private func end(of held: [SegmentName]) throws(BackupFault) -> UInt64? {
        guard let last = held.last, var source = try? LineSource(last, under: journal) else { return nil }
        var end = last.first
        while let line = try? source.next() { if let head = RecordLineHead(line) { end = head.sequence + 1 } }
        return end
    }

    /// Copies a file of the journal.
    private mutating func copy(_ name: String, length: Int? = nil) throws(BackupFault) {
        try copy(from: "\(source)/\(name)", to: "\(Self.journalName)/\(name)", length: length)
    }

    private mutating func copy(from path: String, to name: String, length: Int? = nil) throws(BackupFault) {
        let next = "\(target)/\(name)\(BackupManifest.nextSuffix)"
        switch FileCopy.copy(path, to: next, length: length) {
        case .failure(let error): throw .file(path: path, code: error.code)
        case .success(let digest):
            waiting[name] = digest
            summary.files += 1
            var status = stat()
            if stat(next, &status) == 0 { summary.bytes += Int64(status.st_size) }
        }
    }
}
