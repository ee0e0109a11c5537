import Administration
import Audit
import Credentials
import Gateway
import Glibc
import Inquiry
package import Logging
import Recognition
import Recollection
import ServiceLifecycle
package import Settings
import Shipping
import Spans
import Transport
import UnixSignals

/// One run of the gateway, from its configuration to its last record. The order matters: the journal opens before any request
/// is accepted, the listeners open before readiness is announced, the drain ends before the journal closes.
package struct GatewayProcess {
    private let source: ConfigurationSource
    private let identity: IAMTransport
    private let surroundings: CredentialSurroundings
    private let initial: RunningConfiguration
    private let readyFile: ReadyFile?
    private let logger: Logger
    private let listeners: [ListenerConfiguration]

    private var settings: GatewaySettings { initial.settings }

    /// - Parameter settings: the first settings from the source.
    package init(source: ConfigurationSource, settings: GatewaySettings, readyFile: ReadyFile?, logger: Logger) throws(Failure) {
        try DescriptorLimit.demand(DescriptorBudget.fewest)
        self.source = source
        self.readyFile = readyFile
        self.logger = logger
        let environment = ProcessEnvironment.variables
        let upstream = try TransportAssembly.configuration(settings, environment: environment)
        if upstream.proxy != nil {
            for warning in TransportAssembly.exceptions(settings.upstream, environment)?.warnings ?? [] { logger.warning("\(warning)") }
        }
        identity = IAMTransport(upstream: upstream, userAgent: "hss-gateway/\(Build.version)")
        var surroundings = CredentialSurroundings(secrets: source.secrets, environment: environment, exchange: identity, clock: ClockOffset())
        if settings.fleet != nil { surroundings.sharing = SharedTrustReference() }
        self.surroundings = surroundings
        initial = try RunningConfiguration(settings, source: source, surroundings, generation: 1)
        listeners = try ListenerAssembly.listeners(settings, inherited: InheritedSockets(environment: ProcessEnvironment.variables))
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter companions: services that start before the gateway and end after it: the sandbox.
    package func run(beside companions: [(name: String, address: String)]) async throws {
        try await initial.prepare(source)
        let syncs = SyncDurations()
        let nature: JournalNature = companions.isEmpty ? .real : .sandbox
        // Before the journal is opened, which writes to it. A clock that is known to be ahead of the cloud's isn't believed either.
        let believed = BelievedClock(directory: settings.audit.directory) { [clock = surroundings.clock] in
            let ahead = min(0, clock.duration.components.seconds)
            // Bounded: the offset is the difference of two times with years of four digits.
            return Timestamp(microseconds: Timestamp.now().microseconds + ahead * 1_000_000)
        }
        let journal = try openJournal(syncs, nature)
        let memory = try Memory.recalled(from: settings.audit.directory, believed, logger)
        let keeper = MemoryKeeper(memory, journal: journal, directory: settings.audit.directory)
        defer {
            keeper.look()
            journal.close()
            keeper.finish()
        }
        let shippers = try ShippingAssembly.shippers(settings, journal: journal, logger: logger)
        let notary = try evidence.start(journal, by: believed, guards: shippers.filter(\.isRequired))
        let follower = IndexFollower(directory: settings.audit.directory) { journal.durable.value }
        follower.start()
        defer { follower.stop() }
        var events = GatewayEvents(journal: journal)
        events.naming = { [stores = source.stores] in stores.naming($0) }
        let inForce = ConfigurationInForce(initial)
        let webhooks = try WebhookAssembly.shippers(settings, journal, memory, current: { inForce.current.settings }, logger)
        let shared = FleetAssembly.sharedState(settings, journal, by: believed, inForce, logger)
        try await FleetService.start(shared)
        // From the first call on, which may be one to IAM, trials of keys are coordinated with the other
        // gateways.
        if let shared { surroundings.sharing?.join(SharedTrials(shared, key: try FleetAssembly.key(settings))) }
        let configuration = try await firstConfiguration()
        sayWhatDescriptorsAllow()
        inForce.replace(with: configuration)
        source.stores.areInForce(configuration.settings)
        let dataPort = try await makeDataPort(journal, memory, configuration.snapshot, shared)
        let open = try await bind(dataPort)
        // The public key is also recorded in the journal, so that a copy of the journal alone shows which key
        // signs it.
        let key = notary.publicKeys.first.map { [("checkpoint_key", $0.text)] } ?? []
        let mark = nature == .sandbox ? [("sandbox", "true")] : []
        try events.record("start", [("listeners", open.bound.map(\.address).joined(separator: " "))] + key + mark)

        let reloader = Reloader(
            source: source, surroundings: surroundings, identity: identity, inForce: inForce, dataPort: dataPort, events: events,
            logger: logger)
        var readiness = Readiness(dataPorts: open.bound, companions: companions, file: readyFile, logger: logger)
        if nature == .sandbox { readiness.sandboxJournal = settings.audit.directory }
        var state = adminState(dataPort, journal, notary, syncs, inForce, reloader)
        state.shared = shared
        state.callers = { inForce.current.callersText }
        state.projects = { inForce.current.credentialProjects }
        state.explain = { inForce.current.explain($0, memory) }
        if shared != nil { state.sharedDigest = { inForce.current.sharedDigest } }
        state.sinks = { (shippers + webhooks).map { SinkFigures($0.figures()) } }
        let parts = Parts(
            inForce: inForce, events: events, reloader: reloader, dataPort: dataPort, listeners: open, shippers: shippers + webhooks, keeper: keeper,
            shared: shared)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services(parts, behind: adminPort(state, inForce, readiness)),
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "hss-gateway", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        do {
            try await group.run()
        } catch let fault as AdminPort.Fault {
            throw Self.cannotBind("The admin port", at: "\(settings.admin.address)", fault.code, elsewhere: "--admin or admin.address")
        }
        await identity.stop()
    }

    /// What is made before the services begin, and used by several of them.
    private struct Parts {
        let inForce: ConfigurationInForce
        let events: GatewayEvents
        let reloader: Reloader
        let dataPort: DataPort
        let listeners: DataPort.OpenListeners
        let shippers: [Shipper]
        let keeper: MemoryKeeper
        /// Nil for a gateway that is alone.
        let shared: SharedState?
    }

    /// The services of the process, in the order of their start. They end from the last to the first: the admin port answers until the drain is over.
    private func services(_ parts: Parts, behind adminPort: AdminPort) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let (inForce, dataPort, events, reloader) = (parts.inForce, parts.dataPort, parts.events, parts.reloader)
        // A service without a name would be described by printing all of its members, which took more than a third of the CPU time of a start.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: adminPort, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "admin port"),
            .init(
                service: CredentialWatch(
                    credentials: { inForce.current.credentials.all }, clock: surroundings.clock, events: events, logger: logger),
                serviceName: "credentials"),
            .init(
                service: ProjectDiscovery(
                    surroundings: surroundings, current: { inForce.current }, apply: { await reloader.projectsWereFound() }, logger: logger),
                serviceName: "projects"),
            .init(
                service: RecognitionWatch(
                    configuration: { inForce.current }, endUntrustedConnections: { await dataPort.endUntrustedConnections() }, events: events,
                    logger: logger),
                serviceName: "recognition"),
            .init(service: ShippingService(shippers: parts.shippers, logger: logger), serviceName: "shipping"),
            .init(
                service: SecretStoreWatch(stores: source.stores, settings: { inForce.current.settings }, events: events, logger: logger),
                serviceName: "secret stores"),
            .init(
                service: TracingService(buffer: source.spans, settings: { inForce.current.settings }, logger: logger), serviceName: "tracing"),
            .init(service: MemoryWatch(keeper: parts.keeper, logger: logger), serviceName: "memory"),
        ]
        if let shared = parts.shared { services.append(.init(service: FleetService(shared: shared), serviceName: "fleet")) }
        services += [
            .init(service: ReloadTriggers(reloader: reloader, file: source.file, found: source.found), serviceName: "reloads"),
            .init(service: SystemdWatchdog(dataPort: dataPort), serviceName: "watchdog"),
            .init(
                service: DataService(
                    dataPort: dataPort, listeners: parts.listeners, drainDelay: { inForce.current.settings.limits.drainDelay }, events: events,
                    logger: logger),
                serviceName: "data port"),
        ]
        return services
    }

    /// The first configuration. Project ids that it doesn't contain are requested from IAM before the listeners open; if IAM fails, the
    /// start neither fails nor waits for it.
    private func firstConfiguration() async throws(Failure) -> RunningConfiguration {
        guard !surroundings.identifiers.missing(in: settings).isEmpty else { return initial }
        let (initial, surroundings, logger) = (initial, surroundings, logger)
        let firstOfBoth = AsyncStream<Void> { continuation in
            Task {
                await ProjectDiscovery.round(initial, surroundings, logger)
                continuation.finish()
            }
            Task {
                try? await Task.sleep(for: ProjectDiscovery.patienceAtStart)
                continuation.finish()
            }
        }
        for await _ in firstOfBoth {}
        let completed = try RunningConfiguration(settings, source: source, surroundings, previous: initial.credentials, generation: 1)
        try await completed.prepare(source)
        return completed
    }

    private var evidence: EvidenceAssembly { EvidenceAssembly(settings: settings.audit) }

    private func openJournal(_ syncs: SyncDurations, _ nature: JournalNature) throws(Failure) -> Journal {
        var configuration = JournalConfiguration(directory: settings.audit.directory, gateway: initial.gateway)
        configuration.rotateSize = settings.audit.rotation.size.bytes
        configuration.rotateAge = settings.audit.rotation.age
        configuration.refusalShare = settings.limits.refusalsDisk.fraction
        configuration.signedSize = try evidence.signedSize()
        configuration.nature = nature
        configuration.observe = { [logger] in JournalLog.write($0, to: logger) }
        configuration.observeSync = { syncs.record($0) }
        do throws(JournalError) {
            return try Journal.open(configuration)
        } catch {
            throw Failure(.auditNotWritable, "The audit journal in \(settings.audit.directory) can't be used: \(error.sentence)")
        }
    }

    private func makeDataPort(_ journal: Journal, _ memory: Memory, _ snapshot: Snapshot, _ shared: SharedState?) async throws(Failure) -> DataPort {
        var services = Services(
            journal: journal, memory: memory, workerCount: Instance.workers, version: Build.version, clock: surroundings.clock)
        services.fleet = shared
        services.requestLog = LogSetup.requests
        services.otherLoops = [identity.loop]
        do throws(TransportError) {
            return try await DataPort(services: services, snapshot: snapshot, logger: logger)
        } catch {
            throw Failure(.runtime, error.sentence)
        }
    }

    private func bind(_ dataPort: DataPort) async throws(Failure) -> DataPort.OpenListeners {
        do throws(ListenerConfiguration.Fault) {
            return try await dataPort.open(listeners)
        } catch {
            let elsewhere = "`listeners`, or --listen where it has none,"
            throw Self.cannotBind("The listener \(error.name)", at: error.address, error.code, elsewhere: elsewhere)
        }
    }

    /// - Parameter elsewhere: what names another address.
    private static func cannotBind(_ listener: String, at address: String, _ code: Int32, elsewhere: String) -> Failure {
        let reason = code == 0 ? "" : ": \(String(cString: strerror(code)))"
        let advice = code == EADDRINUSE ? " Stop what listens there, a gateway perhaps; \(elsewhere) names another address." : ""
        return Failure(.cannotBind, "\(listener) can't be opened at \(address)\(reason).\(advice)")
    }

    /// If the limit of open files is below what the configuration needs, fewer callers are served, so that none fails for it.
    private func sayWhatDescriptorsAllow() {
        let limit = DescriptorLimit.current
        let budget = DescriptorBudget(settings.limits)
        guard budget.connections < settings.limits.connections || budget.upstream < settings.limits.inFlight else { return }
        logger.warning(
            "fewer connections than configured: the process may open \(limit) files",
            metadata: [
                "limits.connections": "\(budget.connections)", "limits.in_flight": "\(min(budget.upstream, settings.limits.inFlight))",
                "hint": "raise LimitNOFILE or ulimit -n",
            ])
    }

    private func adminState(
        _ dataPort: DataPort, _ journal: Journal, _ notary: Notary, _ syncs: SyncDurations, _ inForce: ConfigurationInForce, _ reloader: Reloader
    ) -> AdminState {
        var state = AdminState(
            dataPort: dataPort, journal: journal, archive: RecordArchive(directory: settings.audit.directory),
            build: AdminState.Build(version: Build.version, commit: Build.commit, swift: Build.swift),
            syncDurations: syncs, configuration: { inForce.status }, reload: { await reloader.reload(because: "request") }
        ) { inForce.current.credentials.all }
        state.notary = notary
        state.instance = Instance.name
        state.stores = { [stores = source.stores] in stores.faults(inForce.current.settings).map { ($0.store.rawValue, $0.fault == nil) } }
        state.spans = { [spans = source.spans] in (spans.exported, spans.dropped) }
        state.callerKeyEnds = { inForce.current.snapshot.recogniser.keys.table.nextEnds(after: $0).sorted { $0.key < $1.key } }
        state.keyNotice = CallerKey.notice
        state.fleet = FleetArchive.shipped(by: settings)
        state.droppedLogLines = { LogSetup.dropped }
        return state
    }

    private func adminPort(_ state: AdminState, _ inForce: ConfigurationInForce, _ readiness: Readiness) -> AdminPort {
        let address = settings.admin.address
        var limits = AdminPort.Limits()
        limits.connections = DescriptorBudget(settings.limits).admin
        return AdminPort(
            address: .init(host: address.host.description, port: address.port), access: { inForce.current.adminAccess },
            tls: { inForce.current.adminTLS }, state: state, limits: limits
        ) { port in readiness.adminDidOpen(host: address.host.description, port: port) }
    }
}
