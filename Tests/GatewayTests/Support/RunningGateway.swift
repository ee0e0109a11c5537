import Audit
import Catalogue
import Credentials
import Gateway
import Logging
import NIOCore
import Policy
import Transport

/// A data port in this process: real journal, real sockets, real libcurl; only the configuration is made by hand.
final class RunningGateway: Sendable {
    static let projectID = "0123456789abcdef0123456789abcdef"
    static let southID = "89abcdef0123456789abcdef01234567"
    static let defaultEnterpriseProject = "ep-of-project"
    static let secretKey = "secret-key-that-nobody-sees"
    static let accessKey = "HPUAEXAMPLEEXAMPLE01"

    /// The settings that a test may change.
    struct Setup {
        var limits = WireLimits()
        var durability = Durability.strictExports
        /// Kinds that the only rule allows.
        var allowed: Set<OperationKind> = Set(OperationKind.allCases)
        var workerCount = 1
        /// How much of the bodies records keep, for every kind.
        var bodies = BodyLevel.digest
        /// The limits of the only caller.
        var callerLimits: CallerLimits?
        var flow = FlowRules(pace: .off)
        var sharing = SharingRules(pollAge: nil, reads: false)
        var retry = Snapshot.RetryRules(attempts: 1, onConnect: false, onStatus: [])
        var transport = {
            var transport = TransportConfiguration()
            // Only tests of the timeout itself use one that a busy machine could reach.
            transport.connectTimeout = .seconds(120)
            return transport
        }()
        /// Event loops beside the workers'.
        var otherLoops: [any EventLoop] = []
        /// Another region with the same key, as the project `south`.
        var south: String?
        /// Bytes of records that the journal may buffer before they are durable.
        var pendingLimit: Int?
        /// The part of the disk that records of refusals may take.
        var refusalShare: Double?

        init() {
            limits.drain = .seconds(20)
        }
    }

    let folder: TemporaryFolder
    let journal: Journal
    let dataPort: DataPort
    private let listeners: DataPort.OpenListeners
    let port: Int

    init(upstream: String, _ setup: Setup = Setup()) async throws {
        folder = try TemporaryFolder()
        var configuration = JournalConfiguration(
            directory: folder.journal, gateway: Record.Gateway(instance: "test", version: "0", configSHA256: "0"))
        if let limit = setup.pendingLimit { configuration.pendingLimit = limit }
        if let share = setup.refusalShare { configuration.refusalShare = share }
        journal = try Journal.open(configuration)
        var services = Services(journal: journal, workerCount: setup.workerCount, version: "0")
        services.otherLoops = setup.otherLoops
        dataPort = try await DataPort(
            services: services,
            snapshot: try Self.snapshot(upstream: upstream, setup),
            logger: Self.silent
        )
        listeners = try await dataPort.open([Self.listener(port: 0)])
        port = listeners.bound.first?.port ?? 0
    }

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    static func listener(port: Int) -> ListenerConfiguration {
        ListenerConfiguration(name: "test", binding: .tcp(host: "127.0.0.1", port: port))
    }

    static func snapshot(upstream: String, _ setup: Setup = Setup()) throws -> Snapshot {
        let project = Project(name: "north", id: projectID, region: "cn-north-4", enterpriseProjectID: defaultEnterpriseProject)
        let south = Project(name: "south", id: southID, region: "cn-south-1", enterpriseProjectID: defaultEnterpriseProject)
        let projects = ProjectDirectory(setup.south == nil ? [project] : [project, south])
        let credential = Credential(
            name: "keys", source: try StoredCredential.accessKey(id: .value(Secret(accessKey)), secretKey: .value(Secret(secretKey)))
        )
        var selection = Rule.Selection()
        selection.kinds = setup.allowed
        var caller = CallerDefinition(name: "anonymous", isAnonymous: true, projects: projects.projects.map(\.name))
        caller.limits = setup.callerLimits
        var parts = Snapshot.Parts(
            generation: 1, projects: projects,
            authenticator: Authenticator(
                callers: [caller], projects: projects
            ),
            authorizer: Authorizer(rules: [Rule(name: "some", action: .allow, selecting: selection)]),
            routes: try projects.projects.map { one in
                Route(project: one, origin: try Origin(url: one.name == south.name ? setup.south ?? upstream : upstream), credential: credential)
            },
            durability: setup.durability,
            bodyLevels: BodyLevels(read: setup.bodies, write: setup.bodies, export: setup.bodies, download: setup.bodies),
            retry: setup.retry
        )
        parts.flow = setup.flow
        parts.sharing = setup.sharing
        parts.transport = setup.transport
        parts.listeners = [ListenerTerms(isAnonymous: true)]
        parts.limits = setup.limits
        return Snapshot(parts)
    }

    func drain() async {
        await dataPort.drain(listeners)
    }

    /// Drains, then closes the journal: after that every record is on disk.
    func stop() async {
        await drain()
        journal.close()
    }
}

/// Runs a test with a gateway and always stops it.
func withGateway(
    upstream: String, _ setup: RunningGateway.Setup = RunningGateway.Setup(), _ body: (RunningGateway) async throws -> Void
) async throws {
    let gateway = try await RunningGateway(upstream: upstream, setup)
    do {
        try await body(gateway)
    } catch {
        await gateway.stop()
        throw error
    }
    await gateway.stop()
}
