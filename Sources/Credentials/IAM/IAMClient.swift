/// Calls IAM or STS with a credential: with its token, or signed with its keys. The calls change nothing or create temporary keys. As for calls to
/// HSS, a refusal counts towards the suspension of the key.
struct IAMClient: Sendable {
    let credential: Credential
    let exchange: any IAMExchange
    let clock: ClockOffset
    var wall: @Sendable () -> Duration = MonotonicClock.wall

    /// How often a call waits for the credential; each wait ends with a fetch or an answer of the fleet, both of which are bounded in time.
    private static let mostWaits = 8

    /// A request that can be built again for a second attempt.
    struct Call: Sendable {
        var method = "GET"
        var endpoint: IAMEndpoint
        var service = IAMFault.Service.iam
        var path: String
        var query: [QueryItem] = []
        /// Written once; the bodies of these calls contain no secret.
        var body: Secret?
        /// Signed calls to services that are not regional name the account (protocol page a.7).
        var domainID: String?
        /// Calls to HSS name the project.
        var projectID: String?
    }

    /// - Throws: also when the answer is no success.
    func send(_ call: Call) async throws(IAMFault) -> IAMResponse {
        var hasRetried = false
        while true {
            let pass = try await pass(for: call.service)
            let (response, signed) = try await send(call, with: pass)
            guard !(200..<300).contains(response.status) else { return response }
            // A refused token is replaced once; a refused key is never tried a second time.
            if response.status == 401, !hasRetried, pass.reject() {
                hasRetried = true
                continue
            }
            let fault = IAMFault(response, of: call.service, to: pass.isToken ? .token : .key)
            guard response.status == 401, let signed, case .signingKey(let key) = pass.material else { throw fault }
            throw fault.comparing(CanonicalDifference(IAMFault.message(of: response), signed, securityToken: key.securityToken))
        }
    }

    /// Makes sure that the credential has keys or a token, without requesting new ones.
    func obtain() async throws(IAMFault) {
        try await pass(for: .iam).end(status: nil)
    }

    private func pass(for service: IAMFault.Service) async throws(IAMFault) -> CredentialPass {
        for _ in 0..<Self.mostWaits {
            let admission = credential.admit()
            switch admission {
            case .ready(let pass):
                // The exchange connects and sends in one step, so the place in the window of trust is taken here.
                if pass.arrive() { return pass }
            case .wait(let wait):
                let isKept = await withCheckedContinuation { continuation in
                    let isKept = credential.whenChanged(wait) { continuation.resume(returning: true) }
                    if !isKept { continuation.resume(returning: false) }
                }
                if !isKept { throw IAMFault(service, .sourceUnavailable) }
            case .unavailable, .suspended: throw IAMFault(service, .sourceUnavailable)
            }
        }
        throw IAMFault(service, .sourceUnavailable)
    }

    /// The answer, and the canonical request that was signed, if any.
    private func send(_ call: Call, with pass: CredentialPass) async throws(IAMFault) -> (IAMResponse, CanonicalRequest?) {
        let query = CanonicalQuery.make(call.query)
        var request = IAMRequest(call.method, call.endpoint, query.isEmpty ? call.path : "\(call.path)?\(query)")
        if let body = call.body { request.set(body: body) }
        var signed: CanonicalRequest?
        switch pass.material {
        case .token(let token): request.add("X-Auth-Token", token)
        case .signingKey(let key): signed = try sign(&request, call, with: key)
        }
        let sent = wall()
        do throws(IAMExchangeFault) {
            var response = try await exchange.send(request)
            response.host = call.endpoint.host
            if let seconds = response.date.flatMap({ ServiceTime.seconds(http: $0) }) {
                clock.observe(seconds: seconds, sent: sent, received: wall(), isSuspect: response.status == 401)
            }
            pass.end(status: response.status)
            return (response, signed)
        } catch {
            pass.end(status: nil)
            throw IAMFault(call.service, .exchange(error), host: call.endpoint.host)
        }
    }

    private func sign(_ request: inout IAMRequest, _ call: Call, with key: SigningKey) throws(IAMFault) -> CanonicalRequest {
        let date = SigningDate(clock.signingTime(wallMicroseconds: wall().microseconds))
        let dateText = date.text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        var headers = [SignedHeader("Host", call.endpoint.host), SignedHeader("X-Sdk-Date", dateText)]
        request.add("X-Sdk-Date", dateText)
        if let domainID = call.domainID {
            headers.append(SignedHeader("X-Domain-Id", domainID))
            request.add("X-Domain-Id", domainID)
        }
        if let projectID = call.projectID {
            headers.append(SignedHeader("X-Project-Id", projectID))
            request.add("X-Project-Id", projectID)
        }
        if let token = key.securityToken {
            headers.append(SignedHeader("X-Security-Token", token.withBytes { String(decoding: $0, as: UTF8.self) }))
            request.add("X-Security-Token", token)
        }
        let payload = request.withBody { PayloadHash(of: $0) } ?? .empty
        let unsigned = UnsignedRequest(method: call.method, path: call.path, query: call.query, headers: headers, payload: payload)
        do throws(CanonicalRequestError) {
            let canonical = try CanonicalRequest(unsigned)
            request.add("Authorization", SDKHMACSigner.sign(canonical, with: key, at: date.time))
            return canonical
        } catch {
            throw IAMFault(call.service, .malformed)
        }
    }
}
