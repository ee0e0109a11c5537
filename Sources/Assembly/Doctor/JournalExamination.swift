import Audit
import Glibc
import Settings

/// Examines the journal without its lock: its directory and owner, the disk's free space and speed, and the age of the
/// last signature.
struct JournalExamination: Sendable {
    let settings: AuditSettings

    /// From here on, the wait of strict requests for the disk is noticeable.
    private static let slowSync = Duration.milliseconds(100)
    /// The share of the disk below which the gateway itself complains (`JournalConfiguration.criticalSpace`).
    private static let criticalSpace = 0.05
    /// How long after a record a missing checkpoint becomes a fault: some intervals, and a margin for a busy machine.
    private static let patience = Duration.seconds(60)

    func findings() -> [DoctorFinding] {
        var status = stat()
        guard stat(settings.directory, &status) == 0 else { return missing() }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return [DoctorFinding(.journal, settings.directory, .failure, "It is not a directory.", "Name another place in audit.directory.")]
        }
        if let fault = JournalPlace.faultOfFileSystem(at: settings.directory, says: "It lies in") {
            return [DoctorFinding(.journal, settings.directory, .failure, fault.message, fault.advice)]
        }
        return [place(status)] + files(status.st_uid) + [space(settings.directory), sync(settings.directory), checkpoint()]
    }

    private func missing() -> [DoctorFinding] {
        let reason = errno
        let place = JournalPlace(settings.directory)
        if let fault = place.fault(reason) {
            return [DoctorFinding(.journal, settings.directory, .failure, fault.message, fault.advice)]
        }
        return [
            DoctorFinding(.journal, settings.directory, .ok, "It is not there yet; the first start makes it."), space(place.parent),
            sync(place.parent), checkpoint(),
        ]
    }

    private func place(_ status: stat) -> DoctorFinding {
        let path = settings.directory
        if access("\(path)/\(JournalNature.markName)", F_OK) == 0 {
            return DoctorFinding(
                .journal, path, .failure, "It holds the journal of a sandbox, which must not become a real one.",
                "Name another directory in audit.directory or HSSGW_AUDIT_DIRECTORY.")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            return DoctorFinding(
                .journal, path, .failure, "This user can't write there: \(SystemError.text(errno)). It belongs to user \(status.st_uid).",
                "Run the doctor as the gateway's user; if this is it, chown \(path).")
        }
        if status.st_uid != geteuid(), geteuid() != 0 {
            return DoctorFinding(
                .journal, path, .warning, "It belongs to user \(status.st_uid), who can remove every record; this is user \(geteuid()).",
                "chown \(path) to the gateway's user.")
        }
        guard status.st_mode & 0o077 == 0 else {
            return DoctorFinding(
                .journal, path, .warning, "Its mode is \(String(status.st_mode & 0o7777, radix: 8)); others than its owner may look into it.",
                "chmod 0700 \(path)")
        }
        return DoctorFinding(.journal, path, .ok, "It belongs to user \(status.st_uid), who alone may read and write it.")
    }

    /// Segments that another user may read, or that the owner of the directory can't write.
    private func files(_ owner: uid_t) -> [DoctorFinding] {
        guard let segments = try? DirectoryListing.segments(under: settings.directory) else { return [] }
        var findings: [DoctorFinding] = []
        var open: [String] = []
        var foreign: [String] = []
        for segment in segments {
            var status = stat()
            guard lstat("\(settings.directory)/\(segment.text)", &status) == 0 else { continue }
            if status.st_mode & 0o077 != 0 { open.append(segment.text) }
            if status.st_uid != owner { foreign.append(segment.text) }
        }
        if let first = open.first {
            findings.append(
                DoctorFinding(
                    .journal, first, .warning, "\(open.count) segments can be read or changed by others than their owner.",
                    "chmod 0600 \(settings.directory)/journal-*"))
        }
        if let first = foreign.first {
            findings.append(
                DoctorFinding(
                    .journal, first, .failure, "\(foreign.count) segments belong to another user than the directory.",
                    "chown all of \(settings.directory) to the gateway's user."))
        }
        return findings
    }

    private func space(_ path: String) -> DoctorFinding {
        guard let share = FreeSpace.fraction(path), let capacity = FreeSpace.capacity(path) else {
            return DoctorFinding(.disk, path, .warning, "The system doesn't say how much is free.", "Look at the mount.")
        }
        let free = Int(Double(capacity) * share)
        let message = "\(Self.text(bytes: free)) free, \(Int(share * 100)) % of the disk."
        var status = statvfs()
        if statvfs(path, &status) == 0, status.f_files > 0, status.f_favail == 0 {
            return DoctorFinding(
                .disk, path, .failure, "The disk has no room for another file (inodes).", "Remove small files elsewhere on this disk.")
        }
        guard share >= Self.criticalSpace else {
            return DoctorFinding(
                .disk, path, free == 0 ? .failure : .warning, message + " Calls that change something are refused when it is full (HSSGW.5032).",
                "Give the journal a larger disk, ship and shorten audit.retain, or remove what else lies there.")
        }
        return DoctorFinding(.disk, path, .ok, message)
    }

    private func sync(_ path: String) -> DoctorFinding {
        switch SyncTrial.run(in: path) {
        case .took(let fastest, let slowest):
            let message = "A small write is durable after \(Self.text(fastest)) to \(Self.text(slowest))."
            guard fastest >= Self.slowSync else { return DoctorFinding(.disk, "fsync", .ok, message) }
            return DoctorFinding(
                .disk, "fsync", .warning, message + " Strict calls wait for that twice.",
                "Put the journal on a faster disk, best one with a write cache that "
                    + "survives a power cut.")
        case .unknown: return DoctorFinding(.disk, "fsync", .ok, "This file system can't be timed without making a file.")
        case .failed(let code):
            return DoctorFinding(
                .disk, "fsync", .failure, "Nothing can be written there: \(SystemError.text(code)).",
                code == ENOSPC ? "Make room on the disk." : "Check the mount (read-only?) and the disk's health.")
        }
    }

    /// Whole units are enough here.
    private static func text(bytes: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        let power = (0..<units.count).last { bytes >> (10 * $0) > 0 } ?? 0
        return "\(bytes >> (10 * power)) \(units[power])"
    }

    private static func text(_ duration: Duration) -> String {
        let microseconds = duration.wholeMicroseconds
        return microseconds < 1_000 ? "\(microseconds) µs" : "\(microseconds / 1_000) ms"
    }

    private func checkpoint() -> DoctorFinding {
        let key: CheckpointKey?
        do throws(CheckpointKeyFault) {
            key = try CheckpointKey.found(path: settings.checkpoint.keyFile, journal: settings.directory)
        } catch {
            return DoctorFinding(.checkpoint, settings.checkpoint.keyFile, .failure, error.sentence, "Put the journal's own key there, mode 0600.")
        }
        let age = CheckpointAge(directory: settings.directory)
        guard let newest = age.newest, let made = age.madeAt else {
            guard access("\(settings.directory)/checkpoint", F_OK) != 0 else {
                return DoctorFinding(
                    .checkpoint, "\(settings.directory)/checkpoint", .failure, "The newest checkpoint can't be read: it is no signed statement.",
                    "Run `hss-gateway audit verify`, and find out who changed the file; the gateway makes another with its next records.")
            }
            guard let last = age.lastRecordAt else {
                return DoctorFinding(.checkpoint, nil, .ok, "Nothing was recorded yet that would have to be signed.")
            }
            guard Timestamp.now().since(last) > settings.checkpoint.interval + Self.patience else {
                return DoctorFinding(.checkpoint, nil, .ok, "There is no checkpoint yet; the newest records are moments old.")
            }
            return DoctorFinding(
                .checkpoint, settings.directory, .failure, "There are records and no checkpoint that can be read: nothing vouches for them.",
                "Start the gateway; if it runs, look in its log for `checkpoint`.")
        }
        let since = Timestamp.now().since(made)
        let message = "The last checkpoint covers \(newest.head.size) records and was made \(since.components.seconds) s ago."
        if let key, !age.isSigned(by: [key.signer.verifier]), !age.isSigned(by: (try? CheckpointKey.publicKeys(path: key.publicPath)) ?? []) {
            return DoctorFinding(
                .checkpoint, settings.directory, .failure, message + " Its signature is not by the key in \(settings.checkpoint.keyFile).",
                "Run `hss-gateway audit verify`, and find out who changed the file.")
        }
        if let last = age.lastRecordAt, last.since(made) > settings.checkpoint.interval + Self.patience {
            return DoctorFinding(
                .checkpoint, settings.directory, .failure, message + " Records came \(last.since(made).components.seconds) s after it.",
                "Look in the gateway's log for `checkpoint`: the key or the disk keeps it from signing.")
        }
        return DoctorFinding(.checkpoint, nil, .ok, message)
    }
}
