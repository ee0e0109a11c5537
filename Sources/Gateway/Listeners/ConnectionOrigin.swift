import Recognition
import NIOHTTP1
import Policy

/// Where a connection was accepted and who is on the other end.
final class ConnectionOrigin {
    private(set) var evidence: CallerFacts.ConnectionEvidence
    /// Position of the listener in the configuration.
    let listener: Int
    /// The caller found for this connection, as long as the same policy is in force: addresses don't change within one.
    private var known: (caller: Caller, generation: Int)?

    /// Whom clients' certificates had to come from when it was accepted.
    private let clientAuthorities: ListenerTLS.ClientAuthorities?

    init(evidence: CallerFacts.ConnectionEvidence, listener: Int, clientAuthorities: ListenerTLS.ClientAuthorities? = nil) {
        self.evidence = evidence
        self.listener = listener
        self.clientAuthorities = clientAuthorities
    }

    /// Whether it came over a Unix socket: only those have no address.
    var isUnix: Bool { evidence.address == nil }

    /// Whether it would be trusted today as it was when it began: false once one of the authorities of then was withdrawn.
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

    /// The handshake is done, and this is what the client's certificate calls it. TLS looks at the dates of a certificate once, in the first
    /// handshake: a resumed session (RFC 8446 section 2.2) and an open connection outlive them.
    func learn(certificateNames: [CertificateName], end: Int64) {
        evidence.certificateNames = certificateNames
        evidence.certificateEnd = end
        known = nil
    }

    /// Whoever was let in for a certificate stays as long as that is valid.
    /// - Parameter now: seconds since 1970-01-01T00:00:00Z.
    func checkCertificate(at now: Int64) throws(Refusal) {
        guard let end = evidence.certificateEnd, now > end else { return }
        throw Refusal(
            .callerUnknown, "The client certificate of this connection has expired.", hint: "Connect anew, with a certificate that is valid.")
    }
}
