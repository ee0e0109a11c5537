extension Record {
    /// The moment of an exchange a record stands for.
    package enum Phase: String, Sendable, CaseIterable {
        /// Written ahead: the request is about to leave for HSS.
        case request
        /// The exchange ended after the request left.
        case response
        /// The exchange ended without the request leaving.
        case refusal
        /// An act of the gateway.
        case event
    }

    /// What an operation does.
    package enum Kind: String, Sendable, CaseIterable {
        case read, write, export, download
    }

    /// What the policy said.
    package enum Decision: String, Sendable, CaseIterable {
        case allow, deny
    }

    /// How an exchange ended.
    package enum Outcome: String, Sendable, CaseIterable {
        case success, failure, refused
        /// The gateway stopped before it could know.
        case unknown
    }

    /// Who produced the answer.
    package enum Source: String, Sendable, CaseIterable {
        case gateway, upstream
    }
}
