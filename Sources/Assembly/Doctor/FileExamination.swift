import Audit
import Credentials
import Glibc
import NIOSSL
import Settings

/// Examines every file that the configuration names: its existence, its type, its content, and who else may read or change it.
struct FileExamination: Sendable {
    let settings: GatewaySettings
    let file: String?
    /// Files of secrets that no store returned; those have a finding of their own.
    var unread: Set<String> = []

    /// How long before its expiry a certificate is worth a warning, seconds.
    private static let notice: Int64 = 14 * 86_400

    func findings() async -> [DoctorFinding] {
        // The journal has findings of its own.
        let elsewhere = Set(settings.files.filter { unread.contains($0.path) }.map(\.site.path.description)).union(["audit.directory"])
        let faults = settings.checkFiles().filter { !elsewhere.contains($0.path.description) }
        var findings = faults.map { problem(.permissions, $0) }
        if faults.isEmpty, unread.isEmpty {
            findings += SecretCheck.problems(settings).map { problem(.secrets, $0) }
            findings += await RecognitionCheck.problems(settings).map { problem(.secrets, $0) }
        }
        findings += exposures + listenerCertificates
        if let file { findings += configuration(file) }
        if !findings.contains(where: { $0.verdict != .ok }) {
            findings.append(DoctorFinding(.permissions, nil, .ok, "\(settings.files.count) files and directories are as they must be."))
        }
        return findings
    }

    private func problem(_ check: DoctorFinding.Check, _ problem: SettingsProblem) -> DoctorFinding {
        DoctorFinding(
            check, problem.path.description, .failure, "\(problem.message).",
            problem.hint.map { "Mend it: \($0)." } ?? "Put a file there that holds what belongs there, readable by this user alone.")
    }

    /// Secret files of this user that others may read. Files mounted into a container belong to another user, and their mode can't be
    /// changed.
    private var exposures: [DoctorFinding] {
        let keys = [settings.callerKeys.storeFile, settings.callerKeys.masterKeyFile, settings.audit.checkpoint.keyFile]
        let secrets = settings.files.filter { $0.role == .secret }.map(\.path) + keys
        return Array(Set(secrets)).sorted().compactMap { path in
            var status = stat()
            guard stat(path, &status) == 0, status.st_uid == geteuid(), let exposure = SecretExposure(path: path) else { return nil }
            return DoctorFinding(.permissions, path, .warning, exposure.sentence, "chmod 0600 \(path)")
        }
    }

    private func configuration(_ path: String) -> [DoctorFinding] {
        var status = stat()
        guard stat(path, &status) == 0 else { return [] }
        if status.st_mode & S_IWOTH != 0 {
            return [
                DoctorFinding(
                    .permissions, path, .failure, "Every user of this machine can change the configuration, and with it who may do what.",
                    "chmod go-w \(path)")
            ]
        }
        guard status.st_mode & S_IWGRP != 0 else { return [] }
        return [DoctorFinding(.permissions, path, .warning, "The file's group can change the configuration.", "chmod g-w \(path)")]
    }

    private var listenerCertificates: [DoctorFinding] {
        settings.listeners.compactMap { listener in
            guard let tls = listener.tls, let chain = try? NIOSSLCertificate.fromPEMFile(tls.certificateFile),
                let end = chain.map({ Int64($0.notValidAfter) }).min()
            else { return nil }
            let left = end - Timestamp.now().microseconds / 1_000_000
            let when = Timestamp(microseconds: end &* 1_000_000)
            let subject = "listener \(listener.name)"
            guard left < Self.notice else { return DoctorFinding(.tls, subject, .ok, "Its certificate ends \(when), in \(left / 86_400) days.") }
            return DoctorFinding(
                .tls, subject, left < 0 ? .failure : .warning, "Its certificate \(left < 0 ? "ended" : "ends") \(when).",
                "Put a new one into \(tls.certificateFile); it is taken over without a restart.")
        }
    }
}
