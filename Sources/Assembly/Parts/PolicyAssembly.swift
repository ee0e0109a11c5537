import Catalogue
import Policy
import Settings

/// Translates the settings of projects, callers and rules into the types of `Policy`.
struct PolicyAssembly {
    let projects: ProjectDirectory
    let authenticator: Authenticator
    let authorizer: Authorizer

    init(_ settings: GatewaySettings, identifiers: ProjectIdentifiers = ProjectIdentifiers()) {
        let projects = ProjectDirectory(
            settings.projects.map { project in
                Project(
                    name: project.name, id: identifiers.identifier(of: project, in: settings) ?? Project.unknownID, region: project.region,
                    enterpriseProjectID: project.enterpriseProject, otherRegions: Set(project.otherRegions)
                )
            }
        )
        let callers = Self.callers(of: settings)
        self.projects = projects
        self.authenticator = Authenticator(callers: callers, projects: projects)
        self.authorizer = Authorizer(rules: settings.policy.map { Self.rule($0, callers: callers, projects: projects) })
    }

    /// The callers of the file. If it has none, every client of a loopback listener is the anonymous caller.
    private static func callers(of settings: GatewaySettings) -> [CallerDefinition] {
        let all = settings.projects.map(\.name)
        guard !settings.callers.isEmpty else {
            return [CallerDefinition(name: CallerSettings.anonymousName, isAnonymous: true, projects: all)]
        }
        return settings.callers.map { caller in
            let granted =
                switch caller.projects {
                case .all: all
                case .named(let names): names
                }
            var definition = CallerDefinition(
                name: caller.name,
                proof: proof(of: caller.authentication),
                isAnonymous: caller.name == CallerSettings.anonymousName,
                projects: granted,
                defaultEnterpriseProject: caller.enterpriseProjects.byDefault
            )
            definition.enterpriseProjects = caller.enterpriseProjects.allowed.map { .only(Set($0)) } ?? .single
            definition.reasonRequired = Set(caller.reasonRequiredFor.compactMap { OperationKind(rawValue: $0.rawValue) })
            definition.limits = CallerLimits(caller.limits)
            return definition
        }
    }

    private static func proof(of authentication: CallerSettings.Authentication) -> CallerProof {
        var proof = CallerProof()
        proof.quantity = authentication.required == .all ? .all : .any
        if authentication.apiKey { proof.keys.insert(.api) }
        if authentication.virtualKey { proof.keys.insert(.virtual) }
        proof.certificateNames = Set(authentication.subjectAlternativeNames.map(CertificateName.init(configured:)))
        proof.token = authentication.jwt.map { rule in
            CallerProof.TokenRule(
                issuer: rule.issuer, audience: rule.audience,
                claims: Dictionary(rule.claims.map { ($0.name, $0.value) }) { first, _ in first })
        }
        proof.networks = authentication.addresses.compactMap { Network($0.masked.description) }
        proof.users = Set(authentication.unixUsers.compactMap { UInt32(exactly: $0) })
        return proof
    }

    private static func action(_ action: PolicyRuleSettings.Action) -> Rule.Action {
        switch action {
        case .allow: .allow
        case .deny: .deny
        case .log: .log
        }
    }

    private static func rule(_ rule: PolicyRuleSettings, callers: [CallerDefinition], projects: ProjectDirectory) -> Rule {
        var selection = Rule.Selection()
        if let names = rule.callers, !names.contains("*") {
            selection.callers = Set(callers.indices.filter { names.contains(callers[$0].name) })
        }
        if let patterns = rule.operations {
            selection.operations = OperationSet(Operation.allCases.lazy.filter { operation in patterns.contains { $0.matches(operation.name) } })
        }
        selection.kinds = rule.kinds.map { kinds in Set(kinds.compactMap { OperationKind(rawValue: $0.rawValue) }) }
        selection.methods = rule.methods.map { methods in Set(methods.compactMap { OperationMethod(rawValue: $0.rawValue) }) }
        if let names = rule.projects, !names.contains("*") {
            selection.projects = Set(names.compactMap { projects.position(ofName: $0) })
        }
        selection.enterpriseProjects = rule.enterpriseProjects.map { Set($0) }
        selection.hours = rule.hours.map(Hours.init)
        selection.tasks = TaskStanding.Scope(rawValue: rule.tasks.rawValue) ?? .own
        return Rule(name: rule.name, action: action(rule.action), selecting: selection)
    }
}

extension Hours {
    fileprivate init(_ hours: PolicyHours) {
        self.init(days: Set(hours.days.map(\.index)), from: hours.from.minutes, to: hours.to.minutes, zone: hours.zone.minutes)
    }
}

extension CallerLimits {
    /// Nil when nothing is limited, so that requests skip the check.
    fileprivate init?(_ limits: CallerSettings.Limits) {
        self.init(
            requestsPerSecond: limits.requestsPerSecond, burst: limits.burst, concurrent: limits.concurrent, exportsPerDay: limits.exportsPerDay)
        if self == CallerLimits() { return nil }
    }
}
