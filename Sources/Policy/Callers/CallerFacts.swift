/// Everything that is proven about the sender of one request. The code that makes it has verified its content; the policy only compares.
package struct CallerFacts: Sendable {
    /// The content of a JSON Web Token whose signature and dates are valid.
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

    /// A key issued by the gateway that the request was sent or signed with.
    package struct ProvenKey: Sendable, Hashable {
        /// What sort of key it is.
        package enum Kind: String, Sendable, Hashable {
            case api
            case virtual
        }

        package let kind: Kind
        /// Not secret: a record may contain it.
        package let id: String
        /// The name of the caller it was made for.
        package let caller: String
        /// When it expires, seconds since 1970; nil if it doesn't.
        package let endsAt: Int64?

        package init(kind: Kind, id: String, caller: String, endsAt: Int64? = nil) {
            self.kind = kind
            self.id = id
            self.caller = caller
            self.endsAt = endsAt
        }
    }

    /// What a connection proves about its peer. It is constant for the life of the connection, so the result of `Authenticator` may be stored with
    /// it.
    package struct ConnectionEvidence: Sendable {
        /// The peer's IP address; nil on a Unix socket.
        package let address: NetworkAddress?
        /// The address as text for a record: an IP address without port, or `unix`.
        package let text: String
        /// The subject alternative names of a client certificate that was issued by the listener's certificate authority.
        package var certificateNames: [CertificateName]
        /// The last second in which that certificate is valid, since 1970-01-01T00:00:00Z; nil without one.
        package var certificateEnd: Int64?
        /// The user of the process at the other end of a Unix socket, according to the kernel.
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
    /// The address as text for a record.
    package var addressText: String
    package var key: ProvenKey?
    package var token: ProvenToken?

    package init(_ connection: ConnectionEvidence) {
        self.connection = connection
        self.address = connection.address
        self.addressText = connection.text
    }
}
