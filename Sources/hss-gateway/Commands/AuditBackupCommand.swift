import ArgumentParser
import Assembly
import Audit
import Glibc
import Settings

/// `audit backup`: makes a complete, separate copy of the journal while the gateway runs.
struct AuditBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the journal, its checkpoints and its keys; the gateway may run.",
        discussion: """
            The journal is verified, what the backup doesn't have is copied, and the copy is verified. `sha256sum -c SHA256SUMS` checks it with \
            any other tool. The backup holds the private keys unless --without-keys says otherwise: keep it as safe as the gateway. Exit codes: \
            0 done, 9 the journal or the copy is broken (of a broken journal nothing is copied, unless --even-broken says so).
            """
    )

    @OptionGroup var location: JournalLocation
    @OptionGroup var trust: TrustOptions
    @Argument(
        help: ArgumentHelp("The backup's directory; created by the first backup, extended by later ones.", valueName: "dir"), completion: .directory)
    var backup: String
    @Flag(help: "Leave out the private keys: the one that signs checkpoints, and the master key of callers' virtual keys.") var withoutKeys = false
    @Flag(help: "Copy a broken journal too, to save what is left of it.") var evenBroken = false

    func run() throws {
        let journal = try location.path()
        let (trusted, checkpoints) = (try trust.keys(location, journal), try trust.checkpoints())
        let keys = try KeyFiles(location, journal)
        do throws(BackupFault) {
            var copy = try JournalBackup(of: journal, to: backup)
            copy.acceptsBroken = evenBroken
            copy.elsewhere = checkpoints
            if withoutKeys, let file = copy.held(of: KeyFiles.secret) { throw .holdsKeys(path: backup, file: file) }
            let summary = try copy.run(keys: keys.present(includingPrivate: !withoutKeys), trusting: trusted)
            Console.output("\(summary.files) files copied, \(summary.bytes) bytes; \(summary.kept) segments were there")
            Console.output(summary.report.text)
            Console.output(keys.text(held: Set(JournalRestore(from: backup, to: journal).keys)))
        } catch {
            throw error.end
        }
    }
}

/// `audit restore`: restores a backup as a journal.
struct AuditRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a journal and its keys from a backup.",
        discussion: """
            The backup is verified before anything is written, and the journal afterwards. The journal's directory must not be there, or be empty; \
            nothing is overwritten. With --config the callers' keys go back to their places too. The next start records the restore. Exit codes: 0 \
            done, 9 the backup or the restored journal is broken.
            """
    )

    @OptionGroup var location: JournalLocation
    @OptionGroup var trust: TrustOptions
    @Argument(help: ArgumentHelp("The backup's directory.", valueName: "dir"), completion: .directory) var backup: String

    func run() throws {
        let journal = try location.chosenPath()
        var restore = JournalRestore(from: backup, to: journal)
        restore.elsewhere = try trust.checkpoints()
        // Those beside the journal are restored from the backup as well.
        let trusted = trust.publicKey.isEmpty ? restore.publicKeys : try trust.keys(location, journal)
        let files = try KeyFiles(location, journal)
        let held = Set(restore.keys)
        do throws(BackupFault) {
            let report = try restore.run(places: files.known.filter { held.contains($0.name) }, trusting: trusted)
            Console.output(report.text)
            for file in files.known { Console.output("\(file.name): \(held.contains(file.name) ? file.path : "not in the backup")") }
            for name in restore.keys where !files.known.contains(where: { $0.name == name }) {
                Console.output("\(name): left in \(backup)/keys, since only --config says where it belongs")
            }
        } catch {
            throw error.end
        }
    }
}

/// The key files of a gateway and their names in a backup.
struct KeyFiles {
    private static let checkpointKey = "checkpoint.key"
    private static let store = "caller-keys"
    private static let master = "caller-keys.master"
    static let secret = [checkpointKey, master]

    /// The key files with a known path.
    let known: [JournalBackup.Key]
    private let hasConfiguration: Bool

    init(_ location: JournalLocation, _ directory: String) throws(Failure) {
        let key = try location.keyPath(directory)
        var known = [
            JournalBackup.Key(path: key, name: Self.checkpointKey),
            JournalBackup.Key(path: key + CheckpointKey.publicSuffix, name: Self.checkpointKey + CheckpointKey.publicSuffix),
        ]
        let settings = try location.settings()
        if let keys = settings?.callerKeys {
            known += [JournalBackup.Key(path: keys.storeFile, name: Self.store), JournalBackup.Key(path: keys.masterKeyFile, name: Self.master)]
        }
        self.known = known
        hasConfiguration = settings != nil
    }

    /// The key files that exist.
    func present(includingPrivate: Bool) -> [JournalBackup.Key] {
        known.filter { access($0.path, F_OK) == 0 && (includingPrivate || !Self.secret.contains($0.name)) }
    }

    /// A text for the operator with the keys that are in the backup and those that are missing.
    /// - Parameter held: the names of those in the backup.
    func text(held: Set<String>) -> String {
        var lines = known.map { "key \($0.name): \(held.contains($0.name) ? "in the backup" : "not in the backup"), from \($0.path)" }
        if !hasConfiguration {
            let isHeld = !held.isDisjoint(with: [Self.store, Self.master])
            lines.append("keys of callers: \(isHeld ? "those of an earlier backup" : "not in the backup"), since only --config says where they are")
        }
        return lines.joined(separator: "\n")
    }
}

extension BackupFault {
    /// The error with which the command ends.
    fileprivate var end: any Error {
        guard concernsEvidence else { return Failure(.runtime, sentence) }
        Console.error(sentence)
        return ExitCode(9)
    }
}
