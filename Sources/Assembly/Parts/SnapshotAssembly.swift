import Audit
import Credentials
import Gateway
import Policy
import Recognition
import Settings
import Spans
import Transport

/// Makes a snapshot, the configuration as workers use it, from the settings.
enum SnapshotAssembly {
    static func snapshot(
        _ settings: GatewaySettings, credentials: CredentialSet, identifiers: ProjectIdentifiers, recogniser: Recogniser, generation: Int,
        gateway: Record.Gateway, spans: SpanBuffer = SpanBuffer()
    ) throws(Failure) -> Snapshot {
        try OwnListeners.checkEndpoints(settings)
        let policy = PolicyAssembly(settings, identifiers: identifiers)
        var routes: [Route] = []
        for project in policy.projects.projects {
            guard let acting = credentials.acting[project.name] else { preconditionFailure("every project has a credential") }
            routes.append(
                Route(
                    project: project, origin: try TransportAssembly.origin(of: project.region, in: settings), credential: acting.credential,
                    alternatives: acting.alternatives, fallbacks: acting.fallbacks)
            )
        }
        var parts = Snapshot.Parts(
            generation: generation,
            projects: policy.projects,
            authenticator: policy.authenticator,
            authorizer: policy.authorizer,
            routes: routes,
            durability: Durability(settings.audit.durability),
            bodyLevels: BodyLevels(settings.audit.bodies),
            retry: Snapshot.RetryRules(settings.upstream.retry)
        )
        parts.recogniser = recogniser
        parts.listeners = try ListenerAssembly.terms(settings)
        let budget = DescriptorBudget(settings.limits)
        parts.limits = ListenerAssembly.limits(settings.limits, budget)
        parts.transport = try TransportAssembly.configuration(settings, environment: ProcessEnvironment.variables)
        parts.transport.openConnections = max(1, budget.upstream / Instance.workers)
        parts.transport.connections = min(parts.transport.connections, parts.transport.openConnections)
        parts.flow = FlowRules(settings.upstream.flowControl)
        parts.sharing = SharingRules(settings.upstream.coalescing)
        parts.gateway = GatewayTag(gateway)
        parts.tracing = TracingTerms(settings.tracing, spans)
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

extension BodyLevels {
    fileprivate init(_ bodies: AuditSettings.Bodies) {
        self.init(
            read: BodyLevel(bodies.read), write: BodyLevel(bodies.write), export: BodyLevel(bodies.export), download: BodyLevel(bodies.download)
        )
    }
}

extension BodyLevel {
    fileprivate init(_ level: AuditSettings.BodyLevel) {
        switch level {
        case .none: self = .none
        case .digest: self = .digest
        case .fields: self = .fields
        case .full: self = .full
        }
    }
}

extension Snapshot.RetryRules {
    fileprivate init(_ retry: UpstreamSettings.Retry) {
        self.init(
            attempts: retry.attempts,
            onConnect: retry.reasons.contains(.connect),
            onStatus: Set(retry.reasons.compactMap { Int($0.rawValue) })
        )
    }
}

extension FlowRules {
    init(_ setting: UpstreamSettings.FlowControl) {
        switch setting {
        case .off: self.init(pace: .off)
        case .adaptive(let waiting): self.init(pace: .adaptive, longestWait: waiting.longest, queue: waiting.queue)
        case .fixed(let pace, let waiting):
            self.init(
                pace: .fixed(perOperation: Quota(pace.perOperation), perAPI: Quota(pace.perAPI)), longestWait: waiting.longest,
                queue: waiting.queue
            )
        }
    }
}

extension SharingRules {
    init(_ setting: UpstreamSettings.Coalescing) {
        switch setting {
        case .off: self.init(pollAge: nil, reads: false)
        case .on(let polls, let reads): self.init(pollAge: polls, reads: reads)
        }
    }
}

extension Quota {
    /// A rate of the configuration, where zero is refused.
    fileprivate init(_ rate: Rate) { self.init(limit: max(1, rate.count), period: rate.period) }
}
