/// Somebody the gateway has recognised: the proof that `Authenticator` ran.
///
/// Only this module can make one, so a request that carries a `Caller` was judged, not assumed.
package struct Caller: Sendable, Hashable {
    /// The name from the configuration; safe as a metric label because the configuration bounds the set.
    package let name: String
    /// Dense position in the configuration's list of callers, for tables indexed by caller.
    package let index: Int
    /// What convinced the gateway.
    package let method: AuthenticationMethod
    /// Where the connection came from, as written in a record.
    package let address: String
    /// The projects this caller may name, in the configuration's order; the first is what `_` in a path means.
    package let projects: [Int]
    /// The enterprise project that is injected for this caller instead of the project's own default.
    package let defaultEnterpriseProject: String?

    init(definition: CallerDefinition, index: Int, method: AuthenticationMethod, address: String, projects: [Int]) {
        self.name = definition.name
        self.index = index
        self.method = method
        self.address = address
        self.projects = projects
        self.defaultEnterpriseProject = definition.defaultEnterpriseProject
    }
}

/// How a caller was recognised. The raw value is what the audit record says.
package enum AuthenticationMethod: String, Sendable {
    /// Nobody was asked: an anonymous caller on a listener that allows it.
    case anonymous
    /// The peer's address lies in one of the caller's networks.
    case cidr
}

/// A caller as the configuration describes it.
package struct CallerDefinition: Sendable, Hashable {
    package var name: String
    /// Networks whose peers are this caller. Empty together with `isAnonymous == false` means that nobody is recognised as it.
    package var networks: [Network]
    /// True for the caller that everybody on an anonymous listener is.
    package var isAnonymous: Bool
    /// Names of projects from the configuration.
    package var projects: [String]
    package var defaultEnterpriseProject: String?

    package init(
        name: String, networks: [Network] = [], isAnonymous: Bool = false, projects: [String], defaultEnterpriseProject: String? = nil
    ) {
        self.name = name
        self.networks = networks
        self.isAnonymous = isAnonymous
        self.projects = projects
        self.defaultEnterpriseProject = defaultEnterpriseProject
    }
}
