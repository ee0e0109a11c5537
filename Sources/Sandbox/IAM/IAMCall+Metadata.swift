extension IAMCall {
    /// The lifetime of a machine's or pod's keys, in seconds.
    private static let lifetime: Int64 = 6 * 3_600

    /// `PUT /meta-data/latest/api/token`.
    func createMetadataToken() -> SandboxResponse {
        if case .tokenless(let status) = parts.terms.current.metadata { return .empty(status) }
        guard let text = request.header("X-Metadata-Token-Ttl-Seconds"), let seconds = Int64(text), (1...21_600).contains(seconds) else {
            return .empty(400)
        }
        let token = parts.metadataSessions.begin(lifetime: .seconds(seconds), now: context.now)
        return SandboxResponse(status: 200, headers: [HeaderField("Content-Type", "text/plain")], body: .bytes(Array(token.utf8)))
    }

    /// `GET /openstack/latest/securitykey`.
    func showSecurityKey() -> SandboxResponse {
        switch parts.terms.current.metadata {
        case .withoutAgency:
            let sentence = Array("Please configure Cloud Service Agency first".utf8)
            return SandboxResponse(status: 401, headers: [HeaderField("Content-Type", "text/plain")], body: .bytes(sentence))
        case .tokens:
            let token = request.header("X-Metadata-Token") ?? ""
            guard parts.metadataSessions.contains(token, now: context.now) else { return .empty(401) }
        case .tokenless: break
        }
        return .json(200, ["credential": credential(issue(account: 0, seconds: Self.lifetime))])
    }

    /// `POST /podid`: the target of `HC_CONTAINER_CREDENTIALS_FULL_URI`.
    func exchangePodIdentity() -> SandboxResponse {
        guard let token = request.header("Authorization"), !token.isEmpty, token == parts.terms.current.podToken ?? token else { return .empty(401) }
        return .json(200, ["credential": credential(issue(account: 0, seconds: Self.lifetime))])
    }
}
