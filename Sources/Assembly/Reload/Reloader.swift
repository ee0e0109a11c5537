import Administration
import Audit
import Gateway
import Logging
import Settings
import Transport

/// Replaces the configuration of a running gateway: all of it, or nothing.
///
/// 1. One reload at a time; each reads the sources again, so that the result is the configuration at the time of the last request.
/// 2. Whatever fails - a fault in the file, a secret that can't be read, upstream settings that libcurl doesn't take - leaves the old
///    configuration in force, and is reported in the log, a record and a metric.
/// 3. A request uses the configuration that was in force when its head arrived, up to its record.
actor Reloader {
    private let source: ConfigurationSource
    private let surroundings: CredentialSurroundings
    private let identity: IAMTransport
    private let inForce: ConfigurationInForce
    private let dataPort: DataPort
    private let journal: Journal
    private let events: GatewayEvents
    private let logger: Logger
    /// The end of what is replacing the configuration at the moment.
    private var underWay: Task<Void, Never>?

    init(
        source: ConfigurationSource, surroundings: CredentialSurroundings, identity: IAMTransport, inForce: ConfigurationInForce,
        dataPort: DataPort, events: GatewayEvents, logger: Logger
    ) {
        self.source = source
        self.surroundings = surroundings
        self.identity = identity
        self.inForce = inForce
        self.dataPort = dataPort
        self.journal = events.journal
        self.events = events
        self.logger = logger
    }

    /// Longest reason in a record, bytes; the log has all of it.
    private static let recordedReasonBytes = 2_048

    /// - Parameter trigger: one word for the record: `signal`, `file`, `request`.
    func reload(because trigger: String) async -> ConfigurationStatus.ReloadOutcome {
        await alone { await self.attempt(because: trigger) }
    }

    /// Runs one replacement of the configuration from its first look at the one in force to its end, without any other in between.
    private func alone<Outcome: Sendable>(_ work: @escaping @Sendable () async -> Outcome) async -> Outcome {
        await othersToEnd()
        let task = Task { await work() }
        let end = Task { _ = await task.value }
        underWay = end
        let outcome = await task.value
        if underWay == end { underWay = nil }
        return outcome
    }

    /// Waits for a replacement that is under way. The first that wakes removes it: awaiting a task that has ended doesn't suspend, so that a loop
    /// would never let the task that started it continue.
    private func othersToEnd() async {
        while let current = underWay {
            _ = await current.value
            if underWay == current { underWay = nil }
        }
    }

    /// Applies project ids that IAM has returned meanwhile; the settings stay the same.
    func projectsWereFound() async {
        await alone { await self.applyFoundProjects() }
    }

    private func applyFoundProjects() async {
        let old = inForce.current
        do throws(Failure) {
            let new = try RunningConfiguration(
                old.settings, source: source, surroundings, previous: old.credentials, generation: old.snapshot.generation + 1)
            try await new.prepare(source)
            try await apply(new)
        } catch {
            logger.error("projects not put into force", metadata: ["reason": "\(error.message)"])
        }
    }

    private func attempt(because trigger: String) async -> ConfigurationStatus.ReloadOutcome {
        let old = inForce.current
        do throws(Failure) {
            let settings = try source.load()
            if let fixed = FixedSettings.change(from: old.settings, to: settings) {
                throw Failure(.badConfiguration, "\(fixed) can't change while the gateway runs. Restart it, or undo this change.")
            }
            let new = try RunningConfiguration(
                settings, source: source, surroundings, previous: old.credentials, generation: old.snapshot.generation + 1)
            try await new.prepare(source)
            try await apply(new)
            if trigger != "file" { journal.acknowledgeDamage() }
            tell(new, because: trigger)
            return .reloaded(inForce.status)
        } catch {
            let message = source.stores.naming(error.message)
            logger.error("configuration not reloaded; the old one stays in force", metadata: ["trigger": "\(trigger)", "reason": "\(message)"])
            let reason = String(decoding: Array(message.utf8.prefix(Self.recordedReasonBytes)), as: UTF8.self)
            inForce.refused(because: reason)
            try? events.record("reload_refused", [("trigger", trigger), ("reason", reason)])
            return .refused(reason: message)
        }
    }

    private func apply(_ new: RunningConfiguration) async throws(Failure) {
        do throws(TransportError) {
            try await dataPort.replace(new.snapshot)
        } catch {
            throw Failure(.badConfiguration, "The upstream settings can't come into force: \(error.sentence)")
        }
        identity.follow(new.snapshot.transport)
        inForce.replace(with: new)
        source.stores.areInForce(new.settings)
        journal.setGateway(new.gateway)
        LogSetup.adjust(new.settings.log)
    }

    private func tell(_ new: RunningConfiguration, because trigger: String) {
        let generation = new.snapshot.generation
        logger.notice("configuration reloaded", metadata: ["trigger": "\(trigger)", "generation": "\(generation)", "config_sha256": "\(new.digest)"])
        do throws(Failure) {
            try events.record("reload", [("trigger", trigger), ("generation", String(generation))])
        } catch {
            logger.error("reload not recorded", metadata: ["reason": "\(error.message)"])
        }
    }
}
