import NIOHTTP1
import Policy
import Recognition

/// Where a connection was accepted and who its peer is.
final class ConnectionOrigin {
    private(set) var evidence: CallerFacts.ConnectionEvidence
    /// Position of the listener in the configuration.
    let listener: Int
    /// The caller found for this connection, as long as the same policy is in force: addresses don't change.
    private var known: (caller: Caller, generation: Int)?

    /// The authorities that clients' certificates had to come from when it was accepted.
    private let clientAuthorities: ListenerTLS.ClientAuthorities?

    init(evidence: CallerFacts.ConnectionEvidence, listener: Int, clientAuthorities: ListenerTLS.ClientAuthorities? = nil) {
        self.evidence = evidence
        self.listener = listener
        self.clientAuthorities = clientAuthorities
    }

    /// Whether it came over a Unix socket: only those have no address.
    var isUnix: Bool { evidence.address == nil }

    /// Whether it would be accepted today as when it began: false once one of the authorities of that time was removed.
    func isTrusted(by snapshot: Snapshot) -> Bool {
        guard let clientAuthorities else { return true }
        return snapshot.terms(ofListener: listener).tls?.trusts(clientAuthorities) ?? true
    }

    func caller(by snapshot: Snapshot) throws(Denial) -> Caller {
        if let known, known.generation == snapshot.generation { return known.caller }
        let caller = try snapshot.authenticator.authenticate(
            evidence, isAnonymousAllowed: snapshot.terms(ofListener: listener).isAnonymous
        )
        known = (caller, snapshot.generation)
        return caller
    }

    /// The handshake is done; these are the names in the client's certificate. TLS checks the dates of a certificate once, in the first
    /// handshake: a resumed session (RFC 8446 section 2.2) and an open connection may last longer than the certificate.
    func learn(certificateNames: [CertificateName], end: Int64) {
        evidence.certificateNames = certificateNames
        evidence.certificateEnd = end
        known = nil
    }

    /// A caller that was recognised by a certificate is refused once that has expired.
    /// - Parameter now: seconds since 1970-01-01T00:00:00Z.
    func checkCertificate(at now: Int64) throws(Refusal) {
        guard let end = evidence.certificateEnd, now > end else { return }
        throw Refusal(
            .callerUnknown, "The client certificate of this connection has expired.", hint: "Connect anew, with a certificate that is valid.")
    }
}
