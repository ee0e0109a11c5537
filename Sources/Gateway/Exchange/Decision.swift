import Catalogue
import Credentials
import Policy

extension Exchange {
    /// What was decided about a request from its head: what it asks for, on whose behalf, by which way, and the right to make it.
    ///
    /// A class, because half of the exchange's steps look at it: as a value its fifteen references were counted up and down at every look.
    final class Decision {
        let operation: Operation
        /// Position in the snapshot's directory.
        let project: Int
        let route: Route
        /// The one of the route's credentials that the request leaves with.
        private(set) var credential: Credential
        var target: RequestTarget
        let caller: Caller
        /// What the policy has to know of it; complete once the body is known.
        var access: Access
        /// Pays for one upstream request: minted when the body is known, gone once the request was made. A retry brings another.
        var permit: Permit?
        let isWriteAhead: Bool

        init(
            operation: Operation, project: Int, route: Route, target: RequestTarget, caller: Caller, access: Access,
            isWriteAhead: Bool
        ) {
            self.operation = operation
            self.project = project
            self.route = route
            self.credential = route.credential
            self.target = target
            self.caller = caller
            self.access = access
            self.isWriteAhead = isWriteAhead
        }

        func choose(_ credential: Credential) { self.credential = credential }
    }
}
