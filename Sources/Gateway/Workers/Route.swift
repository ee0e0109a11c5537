package import Credentials
package import Policy
package import Transport

/// How requests of one project reach the cloud. A class, so that a request which keeps it retains one reference instead of ten.
package final class Route: Sendable {
    package let project: Project
    /// HSS in the project's region.
    package let origin: Origin
    package let credential: Credential
    /// Further credentials that may act in the project; they share the load with the first.
    package let alternatives: [Credential]
    /// Used in this order while none of the above can sign, and for bodies that are too large to be signed.
    package let fallbacks: [Credential]
    /// The first and the alternatives.
    let credentials: [Credential]
    /// Whether one of them sends a token, so that a body may be longer than the cloud accepts with a signature.
    let maySendToken: Bool

    package init(
        project: Project, origin: Origin, credential: Credential, alternatives: [Credential] = [], fallbacks: [Credential] = []
    ) {
        // Trust in a key is tracked separately for each endpoint.
        let (credential, alternatives) = (credential.for(endpoint: origin.hostField), alternatives.map { $0.for(endpoint: origin.hostField) })
        self.project = project
        self.fallbacks = fallbacks.map { $0.for(endpoint: origin.hostField) }
        self.origin = origin
        self.credential = credential
        self.alternatives = alternatives
        // Made once: each request uses both, and would allocate two arrays.
        self.credentials = [credential] + alternatives
        self.maySendToken = (credentials + fallbacks).contains(where: \.sendsToken)
    }
}
