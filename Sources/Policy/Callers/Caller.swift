package import Catalogue

/// A recognised caller: the proof that `Authenticator` ran.
///
/// Only this module can make one, so a request with a `Caller` has been authenticated.
///
/// A class, because it is passed through many functions: as a struct, each step retained and released its references. An open connection keeps one,
/// so what all requests of a caller have in common isn't copied into it.
package final class Caller: Sendable {
    private let entry: Entry
    /// What proved the caller.
    package let method: AuthenticationMethod
    /// Where the connection came from, as written in a record.
    package let address: String

    /// The name from the configuration; safe as a metric label because the configuration bounds the set.
    package var name: String { entry.definition.name }
    /// Dense position in the configuration's list of callers, for tables indexed by caller.
    package var index: Int { entry.index }
    /// The projects this caller may name, in the configuration's order; the first is what `_` in a path means.
    package var projects: [Int] { entry.projects }
    /// The enterprise project that is injected for this caller instead of the project's own default.
    package var defaultEnterpriseProject: String? { entry.definition.defaultEnterpriseProject }
    /// The enterprise projects this caller may name.
    package var enterpriseProjects: EnterpriseProjectRights { entry.definition.enterpriseProjects }
    /// Kinds of operations whose requests must state a reason.
    package var reasonRequired: Set<OperationKind> { entry.definition.reasonRequired }
    /// The caller's limits; nil if it has none.
    package var limits: CallerLimits? { entry.definition.limits }

    init(_ entry: Entry, method: AuthenticationMethod, address: String) {
        self.entry = entry
        self.method = method
        self.address = address
    }

    /// A caller of the configuration in force, with what its names stand for.
    final class Entry: Sendable {
        let definition: CallerDefinition
        let index: Int
        /// Positions in the directory of projects.
        let projects: [Int]

        init(_ definition: CallerDefinition, index: Int, projects: [Int]) {
            self.definition = definition
            self.index = index
            self.projects = projects
        }
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
