/// The API gateway's authentication, with the answers of emulator notes, section 2.
struct AuthenticationGate: Sendable {
    /// A refusal and what the ledger notes about it.
    struct Refusal: Error, Sendable {
        var error: CloudError
        var note: LedgerNote?
    }

    let credentials: CredentialDirectory
    let tokens: TokenRegistry
    let lockouts: LockoutLedger
    let verifier: SignatureVerifier

    /// Returns the caller, or refuses.
    func authenticate(_ request: SandboxRequest, now: Duration) throws(Refusal) -> Principal {
        let token = request.header("X-Auth-Token")
        let authorization = request.header("Authorization")
        switch (token, authorization) {
        case (.some, .some):
            // It isn't documented which of the two the cloud uses, so no request to it may carry both.
            throw Refusal(error: .authentication("decrypt token fail"), note: .bothCredentials)
        case (nil, nil): throw Refusal(error: .authentication("x-auth-token not found"), note: .noCredential)
        case (.some(let token), nil): return try authenticate(token: token, now: now)
        case (nil, .some(let value)): return try authenticate(request, authorization: value, now: now)
        }
    }

    private func authenticate(token: String, now: Duration) throws(Refusal) -> Principal {
        guard let entry = tokens.entry(token) else { throw Refusal(error: .authentication("decrypt token fail")) }
        guard now < entry.expiresAt else {
            throw Refusal(error: .authentication("token expires, expires_at: \(entry.expiresAt.extendedTime)"))
        }
        guard !entry.isSuperseded else { throw Refusal(error: .tokenMustBeUpdated) }
        return entry.principal
    }

    private func authenticate(
        _ request: SandboxRequest, authorization value: String, now: Duration
    ) throws(Refusal) -> Principal {
        switch SignedAuthorization.read(value) {
        case .foreign: throw Refusal(error: .authentication("decrypt token fail"))
        case .legacy: throw Refusal(error: .authentication("verify aksk signature fail"), note: .legacyDialect)
        case .derived: throw Refusal(error: .authentication("verify aksk signature fail"), note: .derivedDialect)
        case .sdk(let authorization): return try authenticate(request, authorization, now: now)
        }
    }

    private func authenticate(
        _ request: SandboxRequest, _ authorization: SignedAuthorization, now: Duration
    ) throws(Refusal) -> Principal {
        let accessKey = authorization.accessKey
        guard let entry = credentials.entry(accessKey, now: now) else {
            throw Refusal(error: .authentication("ak \(accessKey) not exist"))
        }
        guard !lockouts.isLocked(accessKey, now: now) else {
            throw Refusal(error: .authentication("AK access failed to reach the limit,forbidden"), note: .accessKeyLocked)
        }
        do throws(SignatureVerifier.Rejection) {
            try verifier.verify(request, authorization, secretKey: entry.secretKey, now: now)
        } catch {
            lockouts.recordFailure(accessKey, now: now)
            throw Refusal(error: .authentication(Self.text(error)))
        }
        if let securityToken = entry.securityToken, request.header("X-Security-Token") != securityToken {
            lockouts.recordFailure(accessKey, now: now)
            throw Refusal(error: .authentication("ak \(accessKey) not exist"), note: .securityTokenMissing)
        }
        lockouts.recordSuccess(accessKey)
        return Principal(account: entry.account, scope: .account, token: nil)
    }

    private static func text(_ rejection: SignatureVerifier.Rejection) -> String {
        switch rejection {
        case .dateNotSigned, .notReproducible: return "verify aksk signature fail"
        case .dateOutsideWindow(let signed, let server): return "signature expired, signature time:\(signed),server time:\(server)"
        case .mismatch(let canonicalRequest):
            // The service returns its own canonical request with `|` for the line feeds: the only help for authors of signers.
            let text = canonicalRequest.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "|")
            return "verify aksk signature fail, canonicalRequest:\(text)"
        }
    }
}
