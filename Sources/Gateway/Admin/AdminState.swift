package import Audit
package import Credentials
import Glibc
package import Inquiry

/// What the admin port can see. It looks, it never touches: nothing here is on the way of a request.
package struct AdminState: Sendable {
    package let dataPort: DataPort
    package let journal: Journal
    /// The journal as readers see it.
    package let archive: RecordArchive
    /// The names and credentials of the configuration in force.
    package let credentials: @Sendable () -> [Credential]
    package let build: BuildInformation
    package let syncDurations: SyncDurations
    /// The journal's projections.
    package var sinks: @Sendable () -> [SinkFigures] = { [] }
    package let configuration: @Sendable () -> ConfigurationStatus
    /// Reads the configuration anew and puts it in force, if it can.
    package let reload: @Sendable () async -> ReloadOutcome

    package init(
        dataPort: DataPort, journal: Journal, archive: RecordArchive, build: BuildInformation, syncDurations: SyncDurations,
        configuration: @escaping @Sendable () -> ConfigurationStatus, reload: @escaping @Sendable () async -> ReloadOutcome,
        credentials: @escaping @Sendable () -> [Credential]
    ) {
        self.dataPort = dataPort
        self.journal = journal
        self.archive = archive
        self.build = build
        self.syncDurations = syncDurations
        self.configuration = configuration
        self.reload = reload
        self.credentials = credentials
    }

    /// The checks behind `/readyz`. `config` is there because a gateway without a valid one never gets this far.
    func readiness() -> [HealthCheck] {
        var checks = [HealthCheck(name: "config", state: .passing)]
        let now = SigningTime(secondsSinceEpoch: Timestamp.now().microseconds / 1_000_000)
        for credential in credentials() {
            let isAtHand = credential.materialAtHand(at: now) != nil
            checks.append(HealthCheck(name: "credential:\(credential.name)", state: isAtHand ? .passing : .failing("nothing to sign with")))
        }
        checks.append(HealthCheck(name: "journal", state: AdminState.journalCheck(journal.state)))
        checks.append(HealthCheck(name: "clock", state: AdminState.clockCheck(now)))
        checks.append(HealthCheck(name: "draining", state: dataPort.isDraining ? .failing("the gateway is stopping") : .passing))
        return checks
    }

    private static func journalCheck(_ state: JournalState) -> HealthCheck.State {
        switch state {
        case .healthy: .passing
        case .failing(_, let reason): .failing("the journal can't be written (\(reason.word))")
        case .closed: .failing("the journal is closed")
        }
    }

    /// A machine whose clock was never set signs requests that the cloud refuses; 2026-01-01 is before this program was made.
    private static func clockCheck(_ now: SigningTime) -> HealthCheck.State {
        now.secondsSinceEpoch >= 1_767_225_600 ? .passing : .failing("the clock stands before 2026")
    }
}

/// What this program is.
package struct BuildInformation: Sendable {
    package let version: String
    /// The commit it was built from; `unknown` outside a checkout.
    package let commit: String
    package let swift: String

    package init(version: String, commit: String, swift: String) {
        self.version = version
        self.commit = commit
        self.swift = swift
    }
}

extension JournalError {
    /// One fixed word, for checks and logs.
    package var word: String {
        switch self {
        case .directoryUnusable: "directory unusable"
        case .directoryInUse: "directory in use"
        case .cannotOpen: "cannot open"
        case .cannotRead: "cannot read"
        case .writeFailed: "write failed"
        case .syncFailed: "sync failed"
        case .segmentChanged: "segment changed by somebody else"
        case .pendingLimitReached: "too much waits in memory"
        case .recordTooLarge: "record too large"
        case .closed: "closed"
        case .noResources: "out of resources"
        }
    }
}
