package import Audit
package import Credentials
package import Gateway
import Glibc
package import Inquiry

/// What the admin port can read. It never changes the state of requests, and no request waits for it.
package struct AdminState: Sendable {
    /// A request that `POST /explain` asks about.
    package struct Question: Sendable {
        package let method: String
        package let path: String
        package var caller: String?
        package var reason: String?
        package var time = Timestamp.now()

        /// Why there is no answer, a sentence.
        package struct Fault: Error {
            package let sentence: String

            package init(_ sentence: String) { self.sentence = sentence }
        }

        init(method: String, path: String) { (self.method, self.path) = (method, path) }
    }

    /// Version data of this program.
    package struct Build: Sendable {
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

    package let dataPort: DataPort
    package let journal: Journal
    /// The journal for readers.
    package let archive: RecordArchive
    /// Wrong tokens and readers of the evidence.
    let accessLog: AdminAccessLog
    /// The name of this gateway in its records.
    package var instance = "" {
        didSet { verifications = Self.desk(journal, instance) { [self] in notary?.publicKeys ?? [] } }
    }
    /// Verifications that run in the background.
    private(set) var verifications: VerificationDesk
    /// The callers with their limits and keys, as JSON; provided by the code that reads the configuration.
    package var callers: @Sendable () -> String = { "{\"callers\":[]}" }
    /// What the gateway would do with a request; or why the question can't be read.
    package var explain: @Sendable (AdminState.Question) -> Result<String, AdminState.Question.Fault> = { _ in .failure(.init("nobody can explain")) }
    /// The projects of each credential, by its name.
    package var projects: @Sendable () -> [(credential: String, project: String)] = { [] }
    /// The central copy of all gateways; nil if no sink of type `postgresql` is configured.
    package var fleet: FleetArchive?
    /// What several gateways share; nil for a single gateway.
    package var shared: SharedState?
    /// The digest of what all members of a fleet must have in common.
    package var sharedDigest: @Sendable () -> String? = { nil }
    /// The names and credentials of the configuration in force.
    package let credentials: @Sendable () -> [Credential]
    package let build: AdminState.Build
    package let syncDurations: SyncDurations
    /// The copies of the journal.
    package var sinks: @Sendable () -> [SinkFigures] = { [] }
    /// For each store of secrets, whether it returned all secrets at the last poll.
    package var stores: @Sendable () -> [(name: String, isWell: Bool)] = { [] }
    /// Spans that a collector accepted, and those that were dropped.
    package var spans: @Sendable () -> (exported: UInt64, dropped: UInt64) = { (0, 0) }
    /// For each caller, when its next key expires after a given time, seconds since 1970.
    package var callerKeyEnds: @Sendable (Int64) -> [(key: String, value: Int64)] = { _ in [] }
    /// How long before its expiry a caller's key is reported, seconds.
    package var keyNotice: Int64 = 14 * 86_400
    /// Lines of the operational log that were dropped.
    package var droppedLogLines: @Sendable () -> UInt64 = { 0 }
    /// Signs the journal; nil if there is no key.
    package var notary: Notary?
    package let configuration: @Sendable () -> ConfigurationStatus
    /// Reads the configuration again and puts it in force, if it is valid.
    package let reload: @Sendable () async -> ConfigurationStatus.ReloadOutcome

    package init(
        dataPort: DataPort, journal: Journal, archive: RecordArchive, build: AdminState.Build, syncDurations: SyncDurations,
        configuration: @escaping @Sendable () -> ConfigurationStatus, reload: @escaping @Sendable () async -> ConfigurationStatus.ReloadOutcome,
        credentials: @escaping @Sendable () -> [Credential]
    ) {
        self.dataPort = dataPort
        self.journal = journal
        self.accessLog = AdminAccessLog(journal: journal)
        self.archive = archive
        self.verifications = Self.desk(journal, "") { [] }
        self.build = build
        self.syncDurations = syncDurations
        self.configuration = configuration
        self.reload = reload
        self.credentials = credentials
    }

    private static func desk(_ journal: Journal, _ instance: String, _ keys: @escaping @Sendable () -> [NoteVerifier]) -> VerificationDesk {
        VerificationDesk(turn: EvidenceRoutes.turn, instance: instance) { JournalVerifier(directory: journal.directory, keys: keys()) }
    }

    /// The checks of `/livez`: faults that only a restart can correct.
    func liveness() -> [HealthCheck] {
        let silent = dataPort.silentLoops
        let loops = HealthCheck(
            name: "event-loops", state: silent == 0 ? .passing : .failing("\(silent) of \(dataPort.loops) event loops hang"))
        return [HealthCheck(name: "ping", state: .passing), loops]
    }

    /// The checks of `/readyz`. A gateway without a valid configuration never gets this far; `config` warns if one was refused since.
    func readiness() -> [HealthCheck] {
        var checks = [configuration().check]
        for (name, status) in ConfiguredCredentials.statuses(credentials()) {
            checks.append(HealthCheck(name: "credential:\(name)", state: AdminState.credentialCheck(status)))
        }
        checks += dataPort.circuits.reading.compactMap(AdminState.endpointCheck)
        checks.append(HealthCheck(name: "journal", state: AdminState.journalCheck(journal)))
        checks.append(HealthCheck(name: "clock", state: AdminState.clockCheck(.now(), offset: dataPort.clock.duration)))
        checks += sinks().compactMap(\.check)
        if let shared { checks.append(shared.check) }
        checks.append(HealthCheck(name: "draining", state: dataPort.isDraining ? .failing("the gateway is stopping") : .passing))
        return checks
    }

    private static func journalCheck(_ journal: Journal) -> HealthCheck.State {
        if journal.space == .critical { return .failing("the journal's disk is nearly full") }
        return switch journal.state {
        case .healthy:
            // New records are durable again. Earlier ones are not, so the warning stays until an operator reloads.
            journal.damage.map { .failing("\($0); look with `audit verify`, then reload to go on") } ?? .passing
        case .failing(_, let reason): .failing("the journal can't be written (\(reason.word))")
        case .closed: .failing("the journal is closed")
        }
    }

    /// An endpoint that is down does not make this gateway unready: other regions are served, and it is down for every
    /// gateway.
    static func endpointCheck(_ endpoint: EndpointCircuits.Reading) -> HealthCheck? {
        endpoint.fault.map { HealthCheck(name: "endpoint:\(endpoint.name)", state: .warning("\($0); one request at a time tries it")) }
    }

    /// Valid credentials are used even while they can't be renewed: that is a warning, not a failure.
    static func credentialCheck(_ status: CredentialStatus) -> HealthCheck.State {
        guard status.isReady else { return .failing(status.problem ?? "nothing to vouch with") }
        return status.problem.map { .warning($0) } ?? .passing
    }

    /// A machine whose clock was never set, or is far off, signs requests that the cloud refuses; 2026-01-01 is before this program was
    /// written. The gateway signs with the cloud's time as soon as it knows it, so that a small difference does no harm.
    static func clockCheck(_ now: Timestamp, offset: Duration) -> HealthCheck.State {
        let seconds = offset.components.seconds
        let sentence = "this machine's clock is \(abs(seconds)) s \(seconds < 0 ? "ahead of" : "behind") the cloud's; set it, best by NTP"
        if abs(seconds) >= ClockOffset.limit.components.seconds { return .failing(sentence) }
        // Bounded: both clocks have years of four digits.
        if now.microseconds / 1_000_000 + seconds < 1_767_225_600 { return .failing("the clock stands before 2026") }
        return abs(seconds) >= ClockOffset.warning.components.seconds ? .warning(sentence) : .passing
    }
}

extension JournalError {
    /// One fixed word, for checks and logs.
    package var word: String {
        switch self {
        case .directoryUnusable: "directory unusable"
        case .directoryInUse: "directory in use"
        case .otherNature: "the journal of another nature"
        case .cannotOpen: "cannot open"
        case .cannotRead: "cannot read"
        case .writeFailed: "write failed"
        case .syncFailed: "sync failed"
        case .segmentChanged: "segment changed by somebody else"
        case .diskNearlyFull: "disk nearly full"
        case .pendingLimitReached: "too much waits in memory"
        case .recordTooLarge: "record too large"
        case .closed: "closed"
        case .noResources: "out of resources"
        }
    }
}
