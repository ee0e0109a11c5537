import Policy

/// Where a connection was accepted and who is on the other end.
final class ConnectionOrigin {
    let evidence: ConnectionEvidence
    /// Position of the listener in the configuration.
    private let listener: Int
    /// The caller found for this connection, as long as the same policy is in force: addresses don't change within one.
    private var known: (caller: Caller, generation: Int)?

    init(evidence: ConnectionEvidence, listener: Int) {
        self.evidence = evidence
        self.listener = listener
    }

    func caller(by snapshot: Snapshot) throws(Denial) -> Caller {
        if let known, known.generation == snapshot.generation { return known.caller }
        let caller = try snapshot.authenticator.authenticate(
            evidence, isAnonymousAllowed: snapshot.terms(ofListener: listener).isAnonymous
        )
        known = (caller, snapshot.generation)
        return caller
    }

    /// Refuses a request that was addressed to somebody else: a page in a browser that had its own name resolved to this
    /// address (DNS rebinding), or a client that took the gateway for a forward proxy. Only where names were configured.
    func checkHost(_ host: String?, by snapshot: Snapshot) throws(Refusal) {
        let servedHosts = snapshot.terms(ofListener: listener).servedHosts
        guard !servedHosts.isEmpty, let host, let authority = Authority(host), !servedHosts.contains(authority.host) else { return }
        throw WireJudge.malformed("This listener doesn't serve the host in the Host field.", "Address the gateway by one of its configured names.")
    }
}
