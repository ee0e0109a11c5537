extension Record {
    /// The stage of an exchange that a record describes.
    package enum Phase: String, Sendable, CaseIterable {
        /// Written ahead: the request is about to be sent to HSS.
        case request
        /// The exchange ended after the request was sent.
        case response
        /// The exchange ended without sending the request.
        case refusal
        /// An event of the gateway itself.
        case event
    }

    /// What an operation does.
    package enum Kind: String, Sendable, CaseIterable {
        case read, write, export, download
    }

    /// The decision of the policy.
    package enum Decision: String, Sendable, CaseIterable {
        case allow, deny
    }

    /// How an exchange ended.
    package enum Outcome: String, Sendable, CaseIterable {
        case success, failure, refused
        /// The gateway stopped before the outcome was known.
        case unknown
    }

    /// Who produced the answer.
    package enum Source: String, Sendable, CaseIterable {
        case gateway, upstream
    }
}
