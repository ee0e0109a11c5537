internal import Glibc

/// Restores a backup as a journal. Nothing is overwritten, and an incomplete journal never gets the journal's name.
///
/// 1. The backup is verified before anything is written, and the journal after everything was written.
/// 2. The keys are restored first, so that a start finds the journal with its key, or neither.
/// 3. The next start records an event that the journal was restored, and up to which record.
package struct JournalRestore {
    /// The name of a mark that a restored journal has until its next start.
    static let markName = "restored"
    /// The event of that start.
    static let event = "journal_restored"

    /// How many records the journal had when it was restored; nil if it wasn't restored, or if a start has already recorded it.
    static func mark(_ directory: JournalDirectory) -> UInt64? {
        guard case .success(let text) = SmallFile.read("\(directory.path)/\(markName)") else { return nil }
        return UInt64(text.prefix { $0 != "\n" }) ?? 0
    }

    static func unmark(_ directory: JournalDirectory) { _ = directory.remove(markName) }

    private let backup: String
    private let target: String

    /// - Parameter target: the target of the journal: it must not exist, or be an empty directory.
    package init(from backup: String, to target: String) {
        self.backup = backup
        self.target = target
    }

    private var source: String { "\(backup)/\(JournalBackup.journalName)" }

    /// The keys in the backup, by their names there.
    package var keys: [String] {
        let folder = "\(JournalBackup.keysName)/"
        return (BackupManifest(backup)?.digests.keys.filter { $0.hasPrefix(folder) } ?? []).map { String($0.dropFirst(folder.count)) }.sorted()
    }

    /// The public keys in the backup.
    package var publicKeys: [NoteVerifier] {
        keys.filter { $0.hasSuffix(CheckpointKey.publicSuffix) }.flatMap { name in
            (try? SmallFile.read("\(backup)/\(JournalBackup.keysName)/\(name)").get()).map { CheckpointKey.publicKeys($0) } ?? []
        }
    }

    /// Restores.
    /// - Parameter places: the targets of keys, by their names in the backup. A key inside the journal's directory is restored together with it.
    package func run(places: [JournalBackup.Key], trusting given: [NoteVerifier]) throws(BackupFault) -> VerificationReport {
        guard let manifest = BackupManifest(backup) else { throw .noBackup(path: backup) }
        if let path = manifest.damage(backup) { throw .damaged(path: path) }
        let report = try JournalBackup.verify(source, given)
        let outside = places.filter { !$0.path.hasPrefix(target + "/") }
        for place in outside where access(place.path, F_OK) == 0 && !isSame(place) { throw .occupied(path: place.path) }
        guard mkdir(target, 0o700) == 0 || errno == EEXIST else { throw .file(path: target, code: errno) }
        guard try Self.isEmpty(target) else { throw .occupied(path: target) }
        let draft = "\(target).restoring"
        for folder in [draft, "\(draft)/\(CheckpointStore.directoryName)"] {
            guard mkdir(folder, 0o700) == 0 else { throw errno == EEXIST ? .occupied(path: folder) : .file(path: folder, code: errno) }
        }
        for place in outside where access(place.path, F_OK) != 0 { try copy("\(JournalBackup.keysName)/\(place.name)", to: place.path) }
        for place in places where place.path.hasPrefix(target + "/") {
            try copy("\(JournalBackup.keysName)/\(place.name)", to: draft + place.path.dropFirst(target.count))
        }
        let folder = "\(JournalBackup.journalName)/"
        for path in manifest.digests.keys.sorted() where path.hasPrefix(folder) { try copy(path, to: "\(draft)/\(path.dropFirst(folder.count))") }
        let mark = SmallFile.replace("\(draft)/\(Self.markName)", "\(report.head.size)\n", isDurable: true)
        if let error = mark ?? SmallFile.syncDirectory(of: "\(draft)/x") { throw .file(path: draft, code: error.code) }
        guard rename(draft, target) == 0 else { throw .file(path: target, code: errno) }
        if let error = SmallFile.syncDirectory(of: target) { throw .file(path: target, code: error.code) }
        return try JournalBackup.verify(target, given)
    }

    private func isSame(_ place: JournalBackup.Key) -> Bool {
        guard case .success(let there) = FileCopy.digest(place.path) else { return false }
        return BackupManifest(backup)?.digests["\(JournalBackup.keysName)/\(place.name)"] == there
    }

    private func copy(_ name: String, to path: String) throws(BackupFault) {
        if case .failure(let error) = FileCopy.copy("\(backup)/\(name)", to: path) { throw .file(path: path, code: error.code) }
    }

    private static func isEmpty(_ directory: String) throws(BackupFault) -> Bool {
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .file(path: directory, code: errno) }
        defer { close(folder) }
        return DirectoryListing.names(in: folder) { $0 == "." || $0 == ".." ? nil : $0 }?.isEmpty ?? false
    }
}
