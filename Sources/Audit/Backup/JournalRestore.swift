import Codecs
import Files
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
    /// The target as it was given, with which the paths of keys in it begin.
    private let given: String
    /// The content of files with checkpoints from an anchor, by their names.
    package var elsewhere: [(file: String, content: String)] = []

    /// - Parameter target: the target of the journal: it must not exist, or be an empty directory.
    package init(from backup: String, to target: String) {
        self.backup = backup
        given = target
        // The draft gets its name beside the directory, and not in it.
        self.target = Self.path(target)
    }

    /// A directory's path without slashes at its end; of one that is there, its own path, so that `.` has a name too.
    private static func path(_ directory: String) -> String {
        if let real = realpath(directory, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        return PathText.withoutTrailingSlashes(directory)
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
    package func run(places: [JournalBackup.Key], trusting keys: [NoteVerifier]) throws(BackupFault) -> VerificationReport {
        guard let manifest = BackupManifest(backup), !manifest.digests.isEmpty else { throw .noBackup(path: backup) }
        // A backup that is being made settles itself.
        if let lock = BackupLock.take(backup) {
            manifest.settle(backup)
            close(lock)
        }
        if let path = manifest.damage(backup) { throw .damaged(path: path) }
        if let path = try unlisted(manifest) { throw .damaged(path: path) }
        let report = try JournalBackup.verify(source, keys, elsewhere)
        let outside = places.filter { !$0.path.hasPrefix(given + "/") }
        for place in outside where access(place.path, F_OK) == 0 && !isSame(place) { throw .otherKey(path: place.path) }
        let model = access(target, F_OK) == 0 ? target : PathText.parent(of: target)
        guard mkdir(target, 0o700) == 0 || errno == EEXIST else { throw .file(path: target, code: errno) }
        guard try Self.isEmpty(target) else { throw .occupied(path: target) }
        guard !Self.isMounted(target) else { throw .mounted(path: target) }
        let draft = "\(target).restoring"
        guard mkdir(draft, 0o700) == 0 else { throw errno == EEXIST ? .occupied(path: draft) : .file(path: draft, code: errno) }
        do throws(BackupFault) {
            try fill(draft, manifest, places, report)
            Self.giveAway(draft, toOwnerOf: model)
            guard rename(draft, target) == 0 else {
                throw errno == EBUSY || errno == EXDEV ? .mounted(path: target) : .file(path: target, code: errno)
            }
        } catch {
            // Nobody could tell what is left from a journal that is being restored.
            Self.remove(draft)
            throw error
        }
        if let error = FileDirectory.sync(of: target) { throw .file(path: target, code: error.code) }
        return try JournalBackup.verify(target, keys, elsewhere)
    }

    /// The first segment that the sums don't have: it would not be copied, although the backup was verified with it.
    private func unlisted(_ manifest: BackupManifest) throws(BackupFault) -> String? {
        do throws(JournalError) {
            let paths = try DirectoryListing.segments(under: source).map { "\(JournalBackup.journalName)/\($0.text)" }
            return paths.first { manifest.digests[$0] == nil }
        } catch {
            throw .unreadable(error)
        }
    }

    private func fill(
        _ draft: String, _ manifest: BackupManifest, _ places: [JournalBackup.Key], _ report: VerificationReport
    ) throws(BackupFault) {
        let checkpoints = "\(draft)/\(CheckpointStore.directoryName)"
        guard mkdir(checkpoints, 0o700) == 0 else { throw .file(path: checkpoints, code: errno) }
        for place in places {
            let key = "\(JournalBackup.keysName)/\(place.name)"
            if place.path.hasPrefix(given + "/") {
                try copy(key, to: draft + place.path.dropFirst(given.count))
            } else if access(place.path, F_OK) != 0 {
                try copy(key, to: place.path)
            }
        }
        let folder = "\(JournalBackup.journalName)/"
        for path in manifest.digests.keys.sorted() where path.hasPrefix(folder) { try copy(path, to: "\(draft)/\(path.dropFirst(folder.count))") }
        let mark = SmallFile.replace("\(draft)/\(Self.markName)", "\(report.head.size)\n", isDurable: true)
        if let error = mark ?? FileDirectory.sync(of: "\(draft)/x") { throw .file(path: draft, code: error.code) }
    }

    /// What root restores belongs to the owner of the directory, or of the one around it: the gateway's user, who could not start with a journal of
    /// root's. Until the end the draft is root's, so that nobody else can have put anything into it.
    private static func giveAway(_ draft: String, toOwnerOf model: String) {
        for folder in ["\(draft)/\(CheckpointStore.directoryName)", draft] {
            let place = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard place >= 0 else { continue }
            for name in DirectoryListing.names(in: place, { $0 == "." || $0 == ".." ? nil : $0 }) ?? [] {
                let file = openat(place, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                guard file >= 0 else { continue }
                FileOwner.inherit(file, from: model)
                close(file)
            }
            FileOwner.inherit(place, from: model)
            close(place)
        }
    }

    /// Removes a draft, which has one directory in it.
    private static func remove(_ draft: String) {
        for folder in ["\(draft)/\(CheckpointStore.directoryName)", draft] {
            let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard place >= 0 else { continue }
            for name in DirectoryListing.names(in: place, { $0 }) ?? [] { unlinkat(place, name, 0) }
            close(place)
            rmdir(folder)
        }
    }

    /// Whether a directory is on another file system than the one above it.
    private static func isMounted(_ directory: String) -> Bool {
        var (own, above) = (stat(), stat())
        return stat(directory, &own) == 0 && stat("\(directory)/..", &above) == 0 && own.st_dev != above.st_dev
    }

    private func isSame(_ place: JournalBackup.Key) -> Bool {
        guard case .success(let there) = FileCopy.digest(place.path) else { return false }
        return BackupManifest(backup)?.digests["\(JournalBackup.keysName)/\(place.name)"] == there
    }

    private func copy(_ name: String, to path: String) throws(BackupFault) {
        if case .failure(let error) = FileCopy.copy("\(backup)/\(name)", to: path, inheritsOwner: true) { throw .file(path: path, code: error.code) }
    }

    private static func isEmpty(_ directory: String) throws(BackupFault) -> Bool {
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .file(path: directory, code: errno) }
        defer { close(folder) }
        return DirectoryListing.names(in: folder) { $0 == "." || $0 == ".." ? nil : $0 }?.isEmpty ?? false
    }
}
