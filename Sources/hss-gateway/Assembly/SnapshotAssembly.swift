import Audit
import Credentials
import Gateway
import Policy
import Settings

/// Puts one configuration together as the workers use it.
enum SnapshotAssembly {
    static func snapshot(
        _ settings: GatewaySettings, credentials: [Credential], generation: Int, gateway: Record.Gateway
    ) throws(Failure) -> Snapshot {
        let policy = PolicyAssembly(settings)
        let byName = Dictionary(uniqueKeysWithValues: credentials.map { ($0.name, $0) })
        var routes: [Route] = []
        for project in policy.projects.projects {
            guard let credential = byName[project.credential] else {
                throw Failure(.badConfiguration, "The project \(project.name) names the credential \(project.credential), which is not there.")
            }
            routes.append(
                Route(project: project, origin: try TransportAssembly.origin(of: project.region, in: settings), credential: credential)
            )
        }
        var parts = Snapshot.Parts(
            generation: generation,
            projects: policy.projects,
            authenticator: policy.authenticator,
            authorizer: policy.authorizer,
            routes: routes,
            durability: Durability(settings.audit.durability),
            bodyDigests: BodyDigests(settings.audit.bodies),
            retry: RetryRules(settings.upstream.retry)
        )
        parts.listeners = ListenerAssembly.terms(settings)
        parts.limits = ListenerAssembly.limits(settings.limits)
        parts.transport = try TransportAssembly.configuration(settings.upstream, environment: ProcessEnvironment.variables)
        parts.gateway = GatewayTag(gateway)
        return Snapshot(parts)
    }
}

extension Durability {
    fileprivate init(_ durability: AuditSettings.Durability) {
        switch durability {
        case .strict: self = .strict
        case .strictExports: self = .strictExports
        case .bestEffort: self = .bestEffort
        }
    }
}

extension BodyDigests {
    fileprivate init(_ bodies: AuditSettings.Bodies) {
        self.init(read: bodies.read != .none, write: bodies.write != .none, export: bodies.export != .none, download: bodies.download != .none)
    }
}

extension RetryRules {
    fileprivate init(_ retry: UpstreamSettings.Retry) {
        self.init(
            attempts: retry.attempts,
            onConnect: retry.reasons.contains(.connect),
            onStatus: Set(retry.reasons.compactMap { Int($0.rawValue) })
        )
    }
}
