import Credentials
import Settings

/// Makes credentials of what the operator wrote about them. Reads every stored secret once, so that a missing one is found at start.
struct CredentialAssembly {
    let settings: GatewaySettings
    let surroundings: CredentialSurroundings
    private let endpoints: IdentityEndpoints
    private let previous: [CredentialSet.Made]
    private var set = CredentialSet()
    private var logins: [String: PasswordLogin] = [:]

    /// - Parameter previous: the credentials in force. One that is configured as before goes on: its tokens are still good, and what is
    ///   known about a key that the cloud refuses must not be forgotten.
    static func credentials(
        _ settings: GatewaySettings, _ surroundings: CredentialSurroundings, previous: CredentialSet = CredentialSet()
    ) throws(Failure) -> CredentialSet {
        var assembly = CredentialAssembly(for: settings, surroundings, previous)
        try assembly.make()
        return assembly.set
    }

    init(for settings: GatewaySettings, _ surroundings: CredentialSurroundings, _ previous: CredentialSet = CredentialSet()) {
        self.settings = settings
        self.surroundings = surroundings
        self.previous = previous.made
        endpoints = IdentityEndpoints(settings: settings, environment: surroundings.environment)
    }

    private mutating func make() throws(Failure) {
        for project in settings.projects {
            var own: [Credential] = []
            var fallback: Credential?
            for name in project.credentials {
                guard let setting = setting(name) else {
                    throw Failure(.badConfiguration, "The project \(project.name) names the credential \(name), which is not there.")
                }
                own.append(try credential(setting, for: project))
                if fallback == nil, let other = setting.fallback.flatMap({ self.setting($0) }) { fallback = try credential(other, for: project) }
            }
            set.acting[project.name] = CredentialSet.Acting(
                credential: own[0], alternatives: Array(own.dropFirst()), fallback: fallback)
        }
        // Those that no project uses: they are looked after and checked all the same.
        for setting in settings.credentials where !set.made.contains(where: { $0.setting.name == setting.name }) {
            _ = try credential(setting, scope: .domain, region: endpoints.regions.region(of: setting.name))
        }
        let order = settings.credentials.map(\.name)
        set.made.sort { (order.firstIndex(of: $0.setting.name) ?? 0) < (order.firstIndex(of: $1.setting.name) ?? 0) }
    }

    func setting(_ name: String) -> CredentialSettings? {
        settings.credentials.first { $0.name == name }
    }

    private mutating func credential(_ setting: CredentialSettings, for project: ProjectSettings) throws(Failure) -> Credential {
        // By what is configured, not by what was found out since: the token stays the same one.
        let scope = project.identifier.map { TokenScope.project($0) } ?? .region(project.region)
        return try credential(setting, scope: scope, region: setting.region ?? project.region)
    }

    private mutating func credential(_ setting: CredentialSettings, scope: TokenScope, region: String?) throws(Failure) -> Credential {
        var scope: TokenScope? = scope
        // What has no scope belongs to one region, whichever project asks first.
        var region = region
        if setting.kind != .iamPassword { (scope, region) = (nil, endpoints.regions.region(of: setting.name)) }
        if let made = set.made.first(where: { $0.setting.name == setting.name && $0.scope == scope }) { return made.credential }
        var place = try endpoints.place(
            region: region, honoursVariables: setting.kind == .defaultChain, exchange: surroundings.exchange, clock: surroundings.clock)
        if setting.kind == .defaultChain { place = try defaultChain().place(place) }
        // A token that assumes an agency is one of the account, not of a project.
        var source: Credential?
        if case .agency(let agency) = setting.source, let assuming = self.setting(agency.source) {
            source = try credential(assuming, scope: .domain, region: endpoints.regions.region(of: assuming.name))
        }
        let stored = try stored(setting)
        let kept = previous.first { old in
            old.setting == setting && old.scope == scope && old.place.isSame(as: place) && old.source === source
                && (stored.map { old.stored?.wasRead(fromSame: $0) ?? false } ?? true)
        }
        if let kept {
            set.made.append(kept)
            return kept.credential
        }
        let yielding: any CredentialSource
        if let stored { yielding = stored } else { yielding = try obtained(setting, scope: scope ?? .domain, assumedBy: source, at: place) }
        let credential = Credential(name: setting.name, source: yielding)
        set.made.append(
            CredentialSet.Made(setting: setting, scope: scope, place: place, stored: stored, source: source, credential: credential))
        return credential
    }
}

extension CredentialAssembly {
    /// Types `aksk` and `token`, whose secrets are read and not fetched.
    private func stored(_ setting: CredentialSettings) throws(Failure) -> StoredCredential? {
        do throws(SecretFault) {
            switch setting.source {
            case .accessKey(let pair):
                let id: SecretSource =
                    switch pair.accessKey {
                    case .literal(let text): .value(Secret(text))
                    case .reference(let reference): source(reference)
                    }
                return try StoredCredential.accessKey(
                    id: id, secretKey: source(pair.secretKey), securityToken: pair.securityToken.map { source($0) })
            case .token(let reference): return try StoredCredential.token(source(reference))
            case .password, .agency, .ecsMetadata, .podIdentity, .federation, .assumedRole, .defaultChain: return nil
            }
        } catch {
            throw Failure(.badConfiguration, "The credential \(setting.name) can't be used. \(error.sentence)")
        }
    }

    private mutating func obtained(
        _ setting: CredentialSettings, scope: TokenScope, assumedBy assuming: Credential?, at place: IdentityPlace
    ) throws(Failure) -> any CredentialSource {
        switch setting.source {
        case .password(let login): return RenewedCredential.password(self.login(login, of: setting.name), scope: scope, at: place)
        case .agency(let agency):
            guard let assuming else { preconditionFailure("settings check that an agency's source is there") }
            let role = Agency(domain: agency.domain, name: agency.agency, duration: agency.duration)
            return RenewedCredential.agency(role, assumedBy: assuming, at: place)
        case .ecsMetadata(let endpoint):
            var known: IdentityEndpoint?
            if let endpoint { known = try IdentityEndpoints.endpoint(endpoint.origin) }
            return RenewedCredential.metadata(endpoint: known, at: place)
        case .podIdentity(let agent):
            guard let pod = try podIdentity(agent) else {
                throw Failure(
                    .badConfiguration,
                    "The credential \(setting.name) can't be used. Nothing says where the pod identity agent is: "
                        + "neither `endpoint` and `token_file` nor \(Self.podURL) and \(Self.podToken)."
                )
            }
            return RenewedCredential.podIdentity(pod, at: place)
        case .federation(let federation):
            return RenewedCredential.federation(identityProvider: federation.identityProvider, idToken: .file(path: federation.tokenFile), at: place)
        case .assumedRole(let role):
            let assumed = AssumedRole(
                providerURN: role.providerURN, agencyURN: role.agencyURN, sessionName: role.sessionName, duration: role.duration)
            return RenewedCredential.assumedRole(assumed, idToken: .file(path: role.tokenFile), at: place)
        case .defaultChain:
            let chain = try defaultChain()
            if let fault = chain.unknownService(at: place) {
                throw Failure(.badConfiguration, "The credential \(setting.name) can't be used. \(fault.sentence)")
            }
            return RenewedCredential.chain(chain, at: place)
        case .accessKey, .token: preconditionFailure("these are stored")
        }
    }

    /// All scopes of a login share it, so that a wrong password is tried once.
    private mutating func login(_ login: CredentialSettings.Login, of name: String) -> PasswordLogin {
        if let known = logins[name] { return known }
        let made = PasswordLogin(domain: login.domain, username: login.username, password: source(login.password))
        logins[name] = made
        return made
    }

    func source(_ reference: SecretReference) -> SecretSource {
        Self.source(reference, surroundings.secrets)
    }

    private static func source(_ reference: SecretReference, _ secrets: [String: String]) -> SecretSource {
        switch reference {
        case .file(let path): .file(path: path)
        case .environment(let name): secrets[name].map { .value(Secret($0)) } ?? .environment(name: name)
        }
    }

    /// A secret that is read once, at start.
    static func secret(_ reference: SecretReference) throws(SecretFault) -> Secret {
        try Secret.read(source(reference, [:]))
    }
}
