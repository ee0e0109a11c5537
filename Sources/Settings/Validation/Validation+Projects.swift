extension Validation {
    /// `/v5/setting/account/…` are operations, so a project of that name could never be addressed.
    private static let unusableNames: Set<String> = ["setting"]

    mutating func checkProjects() {
        if settings.projects.isEmpty, !isFaulty(SettingPath.root.key("projects")) {
            report(
                .missing, .root.key("projects"), "no project is configured, so nothing could be called",
                hint: "add `projects:` with name, id, region and credential")
        }
        let credentials = Names(settings.credentials.map(\.name))
        for (index, project) in settings.projects.enumerated() {
            let path = SettingPath.item("projects", index)
            if Self.unusableNames.contains(project.name) {
                report(
                    .invalidValue, path.key("name"), "a project can't be called `\(project.name)`",
                    hint: "the path /v5/\(project.name)/… means something else")
            }
            for name in project.credentials where !isFaulty(path.key("credentials")) {
                let key = project.credentials.count > 1 ? "credentials" : "credential"
                checkReference(name, path.key(key), credentials, noun: "credential")
            }
            checkRegion(project.region, path.key("region"))
            for (position, region) in project.otherRegions.enumerated() { checkIAMRegion(region, path.key("regions").index(position)) }
        }
        checkIdentifiers()
    }

    private mutating func checkIdentifiers() {
        var first: [String: Int] = [:]
        let byName = Dictionary(settings.projects.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, project) in settings.projects.enumerated() {
            guard let identifier = project.identifier else { continue }
            let path = SettingPath.item("projects", index).key("id")
            if let earlier = first[identifier] {
                report(
                    .conflict, path, "`projects[\(earlier)]` has the same id",
                    hint: "an id decides region and credential, so it can stand once only")
            }
            first[identifier] = first[identifier] ?? index
            if let other = byName[identifier], other != index {
                report(.conflict, path, "this id is the name of `projects[\(other)]`", hint: "a path could mean either project")
            }
        }
    }

    private mutating func checkRegion(_ region: String, _ path: SettingPath) {
        let override = settings.regions.first { $0.name == region }
        guard override?.hss == nil, !vocabulary.regions.contains(region) else { return }
        if override != nil {
            report(.reference, path, "this region has no HSS endpoint, neither built in nor under `regions`", hint: "add `hss:` to it")
            return
        }
        let names = vocabulary.regions.sorted() + settings.regions.map(\.name).filter(NameGrammar.accepts)
        let fallback = "add it under `regions` with its `hss` and `iam` endpoints"
        report(.reference, path, "no region of this name is known", hint: DidYouMean(names).hint(for: region) ?? fallback)
    }

    /// The credentials that a credential refers to must exist, and must not refer back to it.
    mutating func checkCredentials() {
        let names = Names(settings.credentials.map(\.name))
        let kinds = Dictionary(settings.credentials.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        var sources: [String: String] = [:]
        var fallbacks: [String: String] = [:]
        for (index, credential) in settings.credentials.enumerated() {
            let path = SettingPath.item("credentials", index)
            if let region = credential.region { checkIAMRegion(region, path.key("region")) }
            if let fallback = credential.fallback {
                checkReference(fallback, path.key("fallback"), names, noun: "credential")
                fallbacks[credential.name] = fallback
            }
            if let source = credential.assumedBy {
                checkReference(source, path.key("source"), names, noun: "credential")
                sources[credential.name] = source
            }
            if case .trustAgency(let agency) = credential.source, let kind = kinds[agency.source], kind == .token || kind == .iamPassword {
                report(
                    .conflict, path.key("source"), "STS takes a signature with keys, and this credential sends a token",
                    hint: "name one of type aksk, or another one that has keys")
            }
        }
        report(Circles(in: sources), at: "source", "this agency is, in the end, its own source", "begin with a credential that is no agency")
        report(
            Circles(in: fallbacks), at: "fallback", "nobody is left to take over: this leads back to itself",
            "end the chain with a credential that has none")
    }

    /// Reports each cycle once, at its first member.
    private mutating func report(_ circles: Circles, at key: String, _ message: String, _ hint: String) {
        var reported: Set<String> = []
        for (index, credential) in settings.credentials.enumerated() where !reported.contains(credential.name) {
            guard let circle = circles.circle(through: credential.name) else { continue }
            reported.formUnion(circle)
            let names = (circle + [credential.name]).filter(NameGrammar.accepts).map { "`\($0)`" }.joined(separator: " → ")
            report(.conflict, .item("credentials", index).key(key), "\(message): \(names)", hint: hint)
        }
    }

    private mutating func checkIAMRegion(_ region: String, _ path: SettingPath) {
        guard vocabulary.endpoints[region] == nil, !settings.regions.contains(where: { $0.name == region }) else { return }
        report(.reference, path, "no region of this name is known", hint: DidYouMean(vocabulary.endpoints.keys.sorted()).hint(for: region))
    }
}
