package import Catalogue

/// A recognised caller: the proof that `Authenticator` ran.
///
/// Only this module can make one, so a request with a `Caller` has been authenticated.
///
/// A class, because it is passed through many functions: as a struct, each step retained and released its eight references.
package final class Caller: Sendable {
    /// The name from the configuration; safe as a metric label because the configuration bounds the set.
    package let name: String
    /// Dense position in the configuration's list of callers, for tables indexed by caller.
    package let index: Int
    /// What proved the caller.
    package let method: AuthenticationMethod
    /// Where the connection came from, as written in a record.
    package let address: String
    /// The projects this caller may name, in the configuration's order; the first is what `_` in a path means.
    package let projects: [Int]
    /// The enterprise project that is injected for this caller instead of the project's own default.
    package let defaultEnterpriseProject: String?
    /// The enterprise projects this caller may name.
    package let enterpriseProjects: EnterpriseProjectRights
    /// Kinds of operations whose requests must state a reason.
    package let reasonRequired: Set<OperationKind>
    /// The caller's limits; nil if it has none.
    package let limits: CallerLimits?

    init(definition: CallerDefinition, index: Int, method: AuthenticationMethod, address: String, projects: [Int]) {
        self.name = definition.name
        self.index = index
        self.method = method
        self.address = address
        self.projects = projects
        self.defaultEnterpriseProject = definition.defaultEnterpriseProject
        self.enterpriseProjects = definition.enterpriseProjects
        self.reasonRequired = definition.reasonRequired
        self.limits = definition.limits
    }
}

/// A caller as the configuration describes it.
package struct CallerDefinition: Sendable, Hashable {
    package var name: String
    /// What proves this caller. If it is empty and `isAnonymous == false`, no request is recognised as this caller.
    package var proof: CallerProof
    /// True for the caller to which an anonymous listener attributes all requests.
    package var isAnonymous: Bool
    /// Names of projects from the configuration.
    package var projects: [String]
    package var defaultEnterpriseProject: String?
    /// The enterprise projects that may be named.
    package var enterpriseProjects = EnterpriseProjectRights.any
    /// Kinds of operations whose requests must state a reason.
    package var reasonRequired: Set<OperationKind> = []
    /// The caller's limits; nil if it has none.
    package var limits: CallerLimits?

    package init(
        name: String, networks: [Network] = [], proof: CallerProof? = nil, isAnonymous: Bool = false, projects: [String],
        defaultEnterpriseProject: String? = nil
    ) {
        self.name = name
        self.proof = proof ?? CallerProof()
        if !networks.isEmpty { self.proof.networks = networks }
        self.isAnonymous = isAnonymous
        self.projects = projects
        self.defaultEnterpriseProject = defaultEnterpriseProject
    }
}
