package import Audit
import Catalogue
package import Policy
package import Recognition
package import Transport

/// The complete, immutable configuration in force. A request uses the same one from its head to its record.
package final class Snapshot: Sendable {
    /// When a read is sent again (`upstream.retry`). Requests of other kinds are sent again only when HSS certainly did not execute them: after a 429
    /// or 401 of the API gateway, or when nothing was sent.
    package struct RetryRules: Sendable, Equatable {
        /// Attempts in all, the first included.
        package var attempts: Int
        /// Whether a failed connection leads to a retry.
        package var onConnect: Bool
        /// Which of HSS's statuses lead to a retry: 502, 503, 504.
        package var onStatus: Set<Int>

        package init(attempts: Int, onConnect: Bool, onStatus: Set<Int>) {
            self.attempts = attempts
            self.onConnect = onConnect
            self.onStatus = onStatus
        }
    }

    /// Incremented by each reload; values derived from an older one are stale.
    package let generation: Int
    package let projects: ProjectDirectory
    package let authenticator: Authenticator
    package let recogniser: Recogniser
    package let authorizer: Authorizer
    /// By position of the project in `projects`.
    package let routes: [Route]
    package let durability: Durability
    package let bodyLevels: BodyLevels
    package let retry: RetryRules
    /// By position of the listener in the configuration.
    package let listeners: [ListenerTerms]
    package let limits: WireLimits
    package let transport: TransportConfiguration
    /// Identifies this configuration in the records of its requests; nil: the journal adds its own tag.
    package let gateway: GatewayTag?
    /// Flow control: how the gateway stays within HSS's quota.
    package let flow: FlowRules
    /// Which reads are shared.
    package let sharing: SharingRules
    /// Which requests are traced.
    package let tracing: TracingTerms

    package init(_ parts: Parts) {
        self.generation = parts.generation
        self.projects = parts.projects
        self.authenticator = parts.authenticator
        self.recogniser = parts.recogniser
        self.authorizer = parts.authorizer
        self.routes = parts.routes
        self.durability = parts.durability
        self.bodyLevels = parts.bodyLevels
        self.retry = parts.retry
        self.listeners = parts.listeners
        self.limits = parts.limits
        self.transport = parts.transport
        self.gateway = parts.gateway
        self.flow = parts.flow
        self.sharing = parts.sharing
        self.tracing = parts.tracing
    }

    /// The terms for connections of a listener; the strictest ones if the configuration has no listener at this position.
    func terms(ofListener position: Int) -> ListenerTerms {
        position < listeners.count ? listeners[position] : Self.closedTerms
    }

    /// Those of a listener that the configuration doesn't have: nobody is anonymous.
    private static let closedTerms = ListenerTerms(isAnonymous: false)

    /// The members of a snapshot, as a value to fill in.
    package struct Parts {
        package var generation: Int
        package var projects: ProjectDirectory
        package var authenticator: Authenticator
        package var authorizer: Authorizer
        package var routes: [Route]
        package var durability: Durability
        package var bodyLevels: BodyLevels
        package var retry: RetryRules
        package var recogniser = Recogniser()
        package var listeners: [ListenerTerms] = []
        package var limits = WireLimits()
        package var transport = TransportConfiguration()
        package var gateway: GatewayTag?
        package var flow = FlowRules(pace: .off)
        package var sharing = SharingRules(pollAge: nil, reads: false)
        package var tracing = TracingTerms.off

        package init(
            generation: Int, projects: ProjectDirectory, authenticator: Authenticator, authorizer: Authorizer,
            routes: [Route], durability: Durability, bodyLevels: BodyLevels, retry: RetryRules
        ) {
            self.generation = generation
            self.projects = projects
            self.authenticator = authenticator
            self.authorizer = authorizer
            self.routes = routes
            self.durability = durability
            self.bodyLevels = bodyLevels
            self.retry = retry
        }
    }
}
