extension IAMCall {
    /// `POST /v3/auth/tokens`.
    func createToken() -> SandboxResponse {
        guard let auth = document?["auth"], let identity = auth["identity"], let methods = identity["methods"]?.array,
            let method = methods.first?.string
        else { return failure(.invalidBody) }
        switch method {
        case "password": return createToken(password: identity["password"]?["user"], scope: auth["scope"])
        case "hw_ak_sk": return createToken(keys: identity["hw_ak_sk"], scope: auth["scope"])
        case "assume_role":
            return authenticated { principal in
                guard let account = agencyAccount(identity["assume_role"]) else {
                    return failure(.notFound("agency", identity["assume_role"]?["agency_name"]?.string ?? ""))
                }
                return issue(account: account, scope: auth["scope"], method: "assume_role")
            }
        default: return failure(.invalidBody)
        }
    }

    private func createToken(password user: JSONValue?, scope: JSONValue?) -> SandboxResponse {
        guard let password = user?["password"]?.string, let name = user?["name"]?.string ?? user?["id"]?.string else {
            return failure(.invalidBody)
        }
        let domain = user?["domain"]?["name"]?.string ?? user?["domain"]?["id"]?.string
        let lockName = "\(domain ?? "")/\(name)"
        guard !parts.passwordLockouts.isLocked(lockName, now: context.now) else { return failure(.accountLocked) }
        let changed = parts.terms.current.password
        let account = configuration.accounts.indices.first { index in
            let account = configuration.accounts[index]
            let isNamed = account.user == name && (domain == account.domain || domain == account.domainID)
            let expected = index == 0 ? changed ?? account.password : account.password
            return (isNamed || account.userID == name) && expected == password
        }
        guard let account else {
            parts.passwordLockouts.recordFailure(lockName, now: context.now)
            return failure(.wrongPassword)
        }
        parts.passwordLockouts.recordSuccess(lockName)
        return issue(account: account, scope: scope, method: "password")
    }

    private func createToken(keys: JSONValue?, scope: JSONValue?) -> SandboxResponse {
        guard let accessKey = keys?["access"]?["key"]?.string, let secretKey = keys?["secret"]?["key"]?.string else {
            return failure(.invalidBody)
        }
        guard let entry = parts.credentials.entry(accessKey, now: context.now), entry.secretKey == secretKey else {
            return failure(.authenticationRequired)
        }
        return issue(account: entry.account, scope: scope, method: "hw_ak_sk")
    }

    private func issue(account: Int, scope: JSONValue?, method: String) -> SandboxResponse {
        guard let scope = resolve(scope, configuration.accounts[account]) else { return failure(.unknownScope) }
        let entry = parts.tokens.issue(
            Principal(account: account, scope: scope, token: nil), methods: [method], lifetime: parts.terms.current.tokenLifetime,
            now: context.now)
        let showsCatalog = request.query.first("nocatalog") != "true"
        return .json(201, describe(entry, showsCatalog: showsCatalog), headers: [HeaderField("X-Subject-Token", entry.token)])
    }

    /// A project takes precedence over a domain when both are given; no scope means the whole account.
    private func resolve(_ scope: JSONValue?, _ account: SandboxAccount) -> Principal.Scope? {
        if let project = scope?["project"] {
            let match = account.projects.first { $0.id == project["id"]?.string || $0.region == project["name"]?.string }
            return match.map { .project($0.id) }
        }
        guard let domain = scope?["domain"] else { return .domain }
        return domain["name"]?.string == account.domain || domain["id"]?.string == account.domainID ? .domain : nil
    }

    /// The body that describes a token.
    func describe(_ entry: TokenRegistry.Entry, showsCatalog: Bool) -> JSONValue {
        let account = configuration.accounts[entry.principal.account]
        let domain: JSONValue = ["id": .string(account.domainID), "name": .string(account.domain)]
        var members: [JSONValue.Member] = [
            .init(key: "expires_at", value: .string(entry.expiresAt.extendedTime)),
            .init(key: "issued_at", value: .string(entry.issuedAt.extendedTime)),
            .init(key: "methods", value: .array(entry.methods.map(JSONValue.string))),
        ]
        switch entry.principal.scope {
        case .project(let id):
            let region = account.projects.first { $0.id == id }?.region ?? ""
            members.append(.init(key: "project", value: ["id": .string(id), "name": .string(region), "domain": domain]))
        case .domain: members.append(.init(key: "domain", value: domain))
        case .account, .unscoped: break
        }
        if showsCatalog {
            let endpoint: JSONValue = ["interface": "public", "region": "*", "region_id": "*", "url": "https://hss.example/"]
            members.append(.init(key: "catalog", value: [["id": "hss", "name": "hss", "type": "hss", "endpoints": [endpoint]]]))
        }
        members.append(.init(key: "roles", value: [["id": "0", "name": "hss_admin"]]))
        members.append(
            .init(
                key: "user",
                value: ["domain": domain, "id": .string(account.userID), "name": .string(account.user), "password_expires_at": ""]))
        return ["token": .object(members)]
    }

    /// `GET` and `HEAD /v3/auth/tokens`: a query about a token, authenticated by another.
    func showToken() -> SandboxResponse {
        authenticated { _ in
            let subject = request.header("X-Subject-Token") ?? ""
            guard let entry = parts.tokens.entry(subject), context.now < entry.expiresAt else { return failure(.notFound("token", "")) }
            return .json(200, describe(entry, showsCatalog: true), headers: [HeaderField("X-Subject-Token", subject)])
        }
    }

    /// `DELETE /v3/auth/tokens`.
    func deleteToken() -> SandboxResponse {
        authenticated { _ in
            let isKnown = parts.tokens.revoke(request.header("X-Subject-Token") ?? "")
            return isKnown ? .empty(204) : failure(.notFound("token", ""))
        }
    }

    /// `POST /v3.0/OS-AUTH/id-token/tokens`: an identity provider's token stands for the first user, without
    /// scope.
    func createTokenFromIDToken() -> SandboxResponse {
        guard let provider = request.header("X-Idp-Id"), !provider.isEmpty, let auth = document?["auth"],
            let idToken = auth["id_token"]?["id"]?.string, !idToken.isEmpty
        else { return failure(.invalidBody) }
        let terms = parts.terms.current
        guard provider == terms.identityProvider ?? provider else { return failure(.notFound("identity provider", provider)) }
        guard idToken == terms.idToken ?? idToken else { return failure(.authenticationRequired) }
        let scope = auth["scope"] == nil ? Principal.Scope.unscoped : resolve(auth["scope"], configuration.accounts[0])
        guard let scope else { return failure(.unknownScope) }
        let entry = parts.tokens.issue(
            Principal(account: 0, scope: scope, token: nil), methods: ["mapped"], lifetime: parts.terms.current.tokenLifetime, now: context.now)
        return .json(201, describe(entry, showsCatalog: false), headers: [HeaderField("X-Subject-Token", entry.token)])
    }
}
