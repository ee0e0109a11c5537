/// Everything that is proven about the sender of one request. Whoever makes one has checked what it says; the policy only compares.
package struct CallerFacts: Sendable {
    /// What a JSON Web Token says whose signature and dates are good.
    package struct ProvenToken: Sendable, Hashable {
        package let issuer: String
        package let audiences: [String]
        /// Texts, numbers and truth values by claim; members of an object as `claim/member`, each element of a list as a value.
        package let claims: [String: [String]]

        package init(issuer: String, audiences: [String], claims: [String: [String]]) {
            self.issuer = issuer
            self.audiences = audiences
            self.claims = claims
        }
    }

    /// A key of the gateway's own that the request was sent or signed with.
    package struct ProvenKey: Sendable, Hashable {
        /// What sort of key it is.
        package enum Kind: String, Sendable, Hashable {
            case api
            case virtual
        }

        package let kind: Kind
        /// Not secret: a record may say it.
        package let id: String
        /// The name of the caller it was made for.
        package let caller: String
        /// When it stops being good, seconds since 1970; nil for a key without an end.
        package let endsAt: Int64?

        package init(kind: Kind, id: String, caller: String, endsAt: Int64? = nil) {
            self.kind = kind
            self.id = id
            self.caller = caller
            self.endsAt = endsAt
        }
    }

    /// What a connection says about who is on its other end. It is constant for the life of the connection, so the
    /// answer of `Authenticator` may be kept beside it.
    package struct ConnectionEvidence: Sendable {
        /// The peer's IP address; nil on a Unix socket.
        package let address: NetworkAddress?
        /// The same for a record: an IP address without port, or `unix`.
        package let text: String
        /// The subject alternative names of a client certificate that the listener's authority vouches for.
        package var certificateNames: [CertificateName]
        /// The last second in which that certificate is valid, since 1970-01-01T00:00:00Z; nil without one.
        package var certificateEnd: Int64?
        /// The user at the other end of a Unix socket, as the kernel says.
        package var userID: UInt32?

        package init(
            address: NetworkAddress?, text: String, certificateNames: [CertificateName] = [], userID: UInt32? = nil
        ) {
            self.address = address
            self.text = text
            self.certificateNames = certificateNames
            self.userID = userID
        }
    }

    package let connection: ConnectionEvidence
    /// Where the request came from: the peer, or the client that a trusted proxy named; nil when neither is an address.
    package var address: NetworkAddress?
    /// The same for a record.
    package var addressText: String
    package var key: ProvenKey?
    package var token: ProvenToken?

    package init(_ connection: ConnectionEvidence) {
        self.connection = connection
        self.address = connection.address
        self.addressText = connection.text
    }
}
