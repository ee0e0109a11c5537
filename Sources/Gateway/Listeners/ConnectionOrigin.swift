import Policy

/// What is constant about a connection: where it was accepted and who is on the other end.
final class ConnectionOrigin {
    let evidence: ConnectionEvidence
    /// Names under which this listener may be addressed; empty when any will do.
    let servedHosts: Set<String>
    /// The caller found for this connection, as long as the same policy is in force: addresses don't change within one.
    private var known: (caller: Caller, generation: Int)?

    init(evidence: ConnectionEvidence, servedHosts: Set<String>) {
        self.evidence = evidence
        self.servedHosts = servedHosts
    }

    func caller(by snapshot: Snapshot) throws(Denial) -> Caller {
        if let known, known.generation == snapshot.generation { return known.caller }
        let caller = try snapshot.authenticator.authenticate(evidence)
        known = (caller, snapshot.generation)
        return caller
    }

    /// Refuses a request that was addressed to somebody else: a page in a browser that had its own name resolved to this
    /// address (DNS rebinding), or a client that took the gateway for a forward proxy. Only where names were configured.
    func checkHost(_ host: String?) throws(Refusal) {
        guard !servedHosts.isEmpty, let host, let authority = Authority(host), !servedHosts.contains(authority.host) else { return }
        throw WireJudge.malformed("This listener doesn't serve the host in the Host field.", "Address the gateway by one of its configured names.")
    }
}
