extension IAMCall {
    /// The lifetimes that IAM accepts for temporary keys, in seconds; the first is also the default (protocol
    /// page, b.2).
    private static let lifetimes: ClosedRange<Int64> = 900...86_400

    /// `POST /v3.0/OS-CREDENTIAL/securitytokens`, by token or by agency.
    func createSecurityToken() -> SandboxResponse {
        guard let identity = document?["auth"]?["identity"], let method = identity["methods"]?.array?.first?.string else {
            return failure(.invalidBody)
        }
        switch method {
        case "token":
            if let token = identity["token"]?["id"]?.string {
                guard let entry = parts.tokens.entry(token), context.now < entry.expiresAt, !entry.isSuperseded else {
                    return failure(.authenticationRequired)
                }
                return securityToken(account: entry.principal.account, identity["token"])
            }
            return authenticated { securityToken(account: $0.account, identity["token"]) }
        case "assume_role":
            return authenticated { principal in
                guard let account = agencyAccount(identity["assume_role"]) else {
                    return failure(.notFound("agency", identity["assume_role"]?["agency_name"]?.string ?? ""))
                }
                return securityToken(account: account, identity["assume_role"])
            }
        default: return failure(.invalidBody)
        }
    }

    private func securityToken(account: Int, _ terms: JSONValue?) -> SandboxResponse {
        let seconds = terms?["duration_seconds"]?.integer ?? Self.lifetimes.lowerBound
        guard Self.lifetimes.contains(seconds) else { return failure(.invalidBody) }
        return .json(201, ["credential": credential(issue(account: account, seconds: seconds))])
    }

    /// Creates temporary keys.
    func issue(account: Int, seconds: Int64) -> CredentialDirectory.TemporaryKeys {
        let lifetime = min(.seconds(seconds), parts.terms.current.keyLifetime ?? .seconds(seconds))
        return parts.credentials.issue(account: account, lifetime: lifetime, now: context.now)
    }

    /// Temporary keys with the member names of IAM and the metadata service.
    func credential(_ keys: CredentialDirectory.TemporaryKeys) -> JSONValue {
        [
            "access": .string(keys.accessKey), "secret": .string(keys.secretKey), "securitytoken": .string(keys.securityToken),
            "expires_at": .string(keys.expiresAt.extendedTime),
        ]
    }

    /// The account of an agency: that of the named domain. Nil without one, and if the agency is not the sandbox's.
    func agencyAccount(_ role: JSONValue?) -> Int? {
        guard let agency = role?["agency_name"]?.string, !agency.isEmpty, agency == parts.terms.current.agency ?? agency else { return nil }
        let domain = role?["domain_name"]?.string ?? role?["domain_id"]?.string
        return configuration.accounts.firstIndex { $0.domain == domain || $0.domainID == domain }
    }
}
