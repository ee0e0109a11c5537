import Recognition
import NIOHTTP1
import Policy

/// Where a connection was accepted and who is on the other end.
final class ConnectionOrigin {
    private(set) var evidence: ConnectionEvidence
    /// Position of the listener in the configuration.
    private let listener: Int
    /// The caller found for this connection, as long as the same policy is in force: addresses don't change within one.
    private var known: (caller: Caller, generation: Int)?

    /// Whom clients' certificates had to come from when it was accepted.
    private let clientAuthorities: ListenerTLS.ClientAuthorities?

    init(evidence: ConnectionEvidence, listener: Int, clientAuthorities: ListenerTLS.ClientAuthorities? = nil) {
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

    /// What a request shows of its sender beyond the connection; nil when that is nothing.
    func recognise(_ head: HTTPRequestHead, _ fields: InboundFields, by snapshot: Snapshot, now: Int64) throws(Refusal) -> Recognition? {
        let proxies = snapshot.terms(ofListener: listener).trustedProxies
        let isProxied = !proxies.isEmpty && evidence.address.map { peer in proxies.contains { $0.contains(peer) } } ?? false
        guard fields.showsSender || isProxied else { return nil }
        var request = PresentedRequest(method: head.method.rawValue, target: head.uri) { head.headers.map { ($0.name, $0.value) } }
        request.authorization = fields.authorization
        request.key = fields.callerKey
        request.token = fields.callerToken
        if isProxied { request.forwardedFor = head.headers["x-forwarded-for"] }
        do throws(RecognitionFault) {
            let recognition = try snapshot.recogniser.recognise(request, on: evidence, proxies: isProxied ? proxies : [], now: now)
            return recognition.isConnectionAlone ? nil : recognition
        } catch {
            throw Refusal(error)
        }
    }

    /// The caller that the facts of one request prove.
    func caller(_ facts: CallerFacts, by snapshot: Snapshot) throws(Denial) -> Caller {
        do throws(Denial) {
            return try snapshot.authenticator.authenticate(facts, isAnonymousAllowed: snapshot.terms(ofListener: listener).isAnonymous)
        } catch .unknownCaller(let address) where facts.address == nil && evidence.address != nil {
            throw .silentProxy(address: address)
        }
    }

    /// Says once that somebody writes forwarding fields which nobody here believes: then a proxy stands in front, and all of its clients are
    /// taken for the one caller that its address proves.
    func noteForwarding(_ fields: InboundFields, of caller: Caller, by snapshot: Snapshot) {
        guard fields.showsForwarding, caller.method.contains(.cidr) else { return }
        snapshot.terms(ofListener: listener).forwardingNotice?.tell()
    }

    /// Refuses a request that was addressed to somebody else: a page in a browser that had its own name resolved to this
    /// address (DNS rebinding), or a client that took the gateway for a forward proxy. Only where names were configured.
    func checkHost(_ host: String?, by snapshot: Snapshot) throws(Refusal) {
        let servedHosts = snapshot.terms(ofListener: listener).servedHosts
        guard !servedHosts.isEmpty, let host, let authority = Authority(host), !servedHosts.contains(authority.host) else { return }
        throw WireJudge.malformed("This listener doesn't serve the host in the Host field.", "Address the gateway by one of its configured names.")
    }
}
