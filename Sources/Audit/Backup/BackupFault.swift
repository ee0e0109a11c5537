import Files

/// Why a backup or a restore failed.
package enum BackupFault: Error, Sendable, Hashable {
    /// A file can't be read or written; with the system's code.
    case file(path: String, code: Int32)
    /// Retention removed segments faster than they were copied, several times.
    case unstable
    /// The backup ends before the journal begins: the records between are lost.
    case gap(end: UInt64, first: UInt64)
    /// The directory contains something else.
    case notABackup(path: String)
    /// The directory is the journal's own, or lies in it.
    case inJournal(path: String)
    /// The directory to restore from contains no backup.
    case noBackup(path: String)
    /// A file of the backup is missing or was changed.
    case damaged(path: String)
    /// The target of the journal already exists.
    case occupied(path: String)
    /// The target of a key already exists, with other content than the backup's.
    case otherKey(path: String)
    /// The target is where a file system is mounted, so that no other directory can take its place.
    case mounted(path: String)
    /// Another process is making a backup there.
    case inUse(path: String)
    /// The directory has private keys of an earlier backup, and this one is meant to be without them.
    case holdsKeys(path: String, file: String)
    /// The journal can't be read.
    case unreadable(JournalError)
    /// The journal, or the copy, is not intact.
    case broken(VerificationReport)

    /// The sentence for the operator.
    package var sentence: String {
        switch self {
        case .file(let path, let code): "\(path) can't be copied: \(RegularFile.reason(code))."
        case .unstable: "Retention removes segments faster than they are copied; try again."
        case .gap(let end, let first): "The backup ends before record \(end) and the journal begins with \(first) now: name a new directory."
        case .notABackup(let path): "\(path) holds something that is no backup of this journal: name a new directory."
        case .inJournal(let path): "\(path) is in the journal's own directory: name one elsewhere, best on another disk."
        case .noBackup(let path): "\(path) holds no backup: name a directory that `audit backup` wrote."
        case .damaged(let path): "\(path) of the backup is missing, or is not what was written."
        case .occupied(let path): "\(path) is there already, and nothing is overwritten: move it away first, and keep it: it may be evidence."
        case .otherKey(let path):
            "\(path) is not what the backup has, and nothing is overwritten. If it is newer, keep it: restore with --directory instead of --config. "
                + "If it is to be replaced, move it away."
        case .mounted(let path):
            "\(path) is where a file system is mounted, which no other directory can replace: restore into a new directory in it, and let "
                + "audit.directory name that one."
        case .inUse(let path): "Another backup into \(path) is being made: wait until it has ended."
        case .holdsKeys(let path, let file): "\(path) holds private keys of an earlier backup (\(file)): name a new directory."
        case .unreadable(let error): "The journal can't be read: \(error.sentence)"
        case .broken(let report): report.fault.map { "\($0.sentence)." } ?? "The journal is not whole."
        }
    }

    /// Whether the evidence may be damaged, and not only the attempt failed.
    package var concernsEvidence: Bool {
        switch self {
        case .damaged, .broken: true
        default: false
        }
    }
}
