import Credentials
import Settings

/// Creates credentials from their settings. Reads every stored secret once, so that a missing one is found at
/// start.
struct CredentialAssembly {
    let settings: GatewaySettings
    let surroundings: CredentialSurroundings
    private let endpoints: IAMEndpoints
    private let previous: [Key: [CredentialSet.Made]]
    private let byName: [String: CredentialSettings]
    private var set = CredentialSet()
    /// The index of each credential in the set, for a fast lookup.
    private var places: [Key: Int] = [:]

    /// Identifies a credential of a set.
    private struct Key: Hashable {
        let name: String
        let scope: PasswordLogin.Scope?
    }

    /// - Parameter previous: the credentials in force. One whose configuration is unchanged is kept: its tokens are still valid, and it
    ///   must stay known that the cloud refuses a key.
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
        self.previous = Dictionary(grouping: previous.made) { Key(name: $0.setting.name, scope: $0.scope) }
        byName = Dictionary(settings.credentials.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        endpoints = IAMEndpoints(settings: settings, environment: surroundings.environment)
    }

    private mutating func make() throws(Failure) {
        for project in settings.projects {
            var own: [Credential] = []
            for name in project.credentials {
                guard let setting = byName[name] else {
                    throw Failure(.badConfiguration, "The project \(project.name) names the credential \(name), which is not there.")
                }
                own.append(try credential(setting, for: project))
            }
            set.acting[project.name] = CredentialSet.Acting(
                credential: own[0], alternatives: Array(own.dropFirst()), fallbacks: try fallbacks(of: project))
        }
        // Credentials that no project uses are renewed and checked as well.
        var made = Set(set.made.map(\.setting.name))
        for setting in settings.credentials where made.insert(setting.name).inserted {
            _ = try credential(setting, scope: .domain, region: endpoints.regions.region(of: setting.name))
        }
        let order = Dictionary(settings.credentials.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        set.made.sort { (order[$0.setting.name] ?? 0) < (order[$1.setting.name] ?? 0) }
    }

    /// The fallbacks of the project's credentials, their fallbacks, and so on; each once.
    private mutating func fallbacks(of project: ProjectSettings) throws(Failure) -> [Credential] {
        var seen = Set(project.credentials)
        var found: [Credential] = []
        for name in project.credentials {
            var next = byName[name]?.fallback
            while let name = next, let setting = byName[name], seen.insert(name).inserted {
                found.append(try credential(setting, for: project))
                next = setting.fallback
            }
        }
        return found
    }

    private mutating func credential(_ setting: CredentialSettings, for project: ProjectSettings) throws(Failure) -> Credential {
        // Compared by configuration, without ids that were found out later, so that the token is kept.
        let scope = project.identifier.map { PasswordLogin.Scope.project($0) } ?? .region(project.region)
        return try credential(setting, scope: scope, region: setting.region ?? project.region)
    }

    private mutating func credential(_ setting: CredentialSettings, scope: PasswordLogin.Scope, region: String?) throws(Failure) -> Credential {
        var scope: PasswordLogin.Scope? = scope
        // A credential without a scope belongs to one region: that of the first project that uses it.
        var region = region
        if setting.kind != .iamPassword { (scope, region) = (nil, endpoints.regions.region(of: setting.name)) }
        let key = Key(name: setting.name, scope: scope)
        if let place = places[key] { return set.made[place].credential }
        var place = try endpoints.place(
            region: region, honoursVariables: setting.kind == .defaultChain, exchange: surroundings.exchange, clock: surroundings.clock)
        if setting.kind == .defaultChain { place = try defaultChain().place(place) }
        // A token that assumes an agency is for the account, not for a project.
        var source: Credential?
        if let name = setting.assumedBy, let assuming = byName[name] {
            source = try credential(assuming, scope: .domain, region: endpoints.regions.region(of: assuming.name))
        }
        let stored = try stored(setting)
        let kept = previous[key]?.first { old in
            guard old.setting.source == setting.source else { return false }
            if let stored { return old.stored?.staysInUse(beside: stored) ?? false }
            return old.place.isSame(as: place) && old.source === source
        }
        if let kept, kept.setting == setting, kept.place.isSame(as: place), kept.source === source { return add(kept, key) }
        // A change of another setting is none of its secret: half a new pair isn't used for it, and what was refused isn't sent again.
        let yielding: any CredentialSource
        if let known = kept?.yielding ?? stored {
            yielding = known
        } else {
            yielding = try obtained(setting, scope: scope ?? .domain, assumedBy: source, at: place)
        }
        let credential = Credential(
            name: setting.name, source: yielding, after: kept?.credential, trusts: surroundings.trusts, sharing: surroundings.sharing)
        let made = CredentialSet.Made(
            setting: setting, scope: scope, place: place, stored: kept?.stored ?? stored, source: source, yielding: yielding, credential: credential)
        return add(made, key)
    }

    private mutating func add(_ made: CredentialSet.Made, _ key: Key) -> Credential {
        places[key] = set.made.count
        set.made.append(made)
        return made.credential
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
            case .password, .agency, .trustAgency, .ecsMetadata, .podIdentity, .federation, .assumedRole, .defaultChain: return nil
            }
        } catch {
            throw Failure(.badConfiguration, "The credential \(setting.name) can't be used. \(error.sentence)")
        }
    }

    private func obtained(
        _ setting: CredentialSettings, scope: PasswordLogin.Scope, assumedBy assuming: Credential?, at place: IAMContext
    ) throws(Failure) -> any CredentialSource {
        switch setting.source {
        case .password(let login): return RenewedCredential.password(self.login(login, at: place), scope: scope, at: place)
        case .agency(let agency):
            guard let assuming else { preconditionFailure("settings check that an agency's source is there") }
            let domain: Agency.Domain =
                switch agency.domain {
                case .name(let name): .name(name)
                case .id(let id): .id(id)
                }
            return RenewedCredential.agency(
                Agency(domain: domain, name: agency.agency, duration: agency.duration), assumedBy: assuming, at: place)
        case .trustAgency(let agency):
            guard let assuming else { preconditionFailure("settings check that an agency's source is there") }
            let trusted = TrustAgency(urn: agency.urn, sessionName: agency.sessionName, duration: agency.duration)
            return RenewedCredential.trustAgency(trusted, assumedBy: assuming, at: place)
        case .ecsMetadata(let endpoint):
            var known: IAMEndpoint?
            if let endpoint { known = try IAMEndpoints.endpoint(endpoint.origin) }
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

    /// The user is shared by all scopes and credentials that have it, and by all configurations, so that a wrong password is tried once.
    private func login(_ login: CredentialSettings.Login, at place: IAMContext) -> PasswordLogin {
        let cloud = (place.iam?.host ?? "").split(separator: ".").suffix(2).joined(separator: ".")
        let user = surroundings.users.user(PasswordUsers.Name(domain: login.domain, username: login.username, cloud: cloud))
        return PasswordLogin(domain: login.domain, username: login.username, password: source(login.password), user: user)
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
