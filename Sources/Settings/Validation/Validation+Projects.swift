extension Validation {
    /// `/v5/setting/account/…` are operations, so a project of that name could never be addressed.
    private static let unusableNames: Set<String> = ["setting"]

    mutating func checkProjects() {
        if settings.projects.isEmpty, !isFaulty(SettingPath.root.key("projects")) {
            report(
                .missing, .root.key("projects"), "no project is configured, so nothing could be called",
                hint: "add `projects:` with name, id, region and credential")
        }
        for (index, project) in settings.projects.enumerated() {
            let path = SettingPath.item("projects", index)
            if Self.unusableNames.contains(project.name) {
                report(
                    .invalidValue, path.key("name"), "a project can't be called `\(project.name)`",
                    hint: "the path /v5/\(project.name)/… means something else")
            }
            for name in project.credentials where !isFaulty(path.key("credentials")) {
                let key = project.credentials.count > 1 ? "credentials" : "credential"
                checkReference(name, path.key(key), settings.credentials.map(\.name), noun: "credential")
            }
            checkRegion(project.region, path.key("region"))
            for (position, region) in project.otherRegions.enumerated() { checkIdentityRegion(region, path.key("regions").index(position)) }
        }
        checkIdentifiers()
    }

    private mutating func checkIdentifiers() {
        var first: [String: Int] = [:]
        for (index, project) in settings.projects.enumerated() {
            guard let identifier = project.identifier else { continue }
            let path = SettingPath.item("projects", index).key("id")
            if let earlier = first[identifier] {
                report(
                    .conflict, path, "`projects[\(earlier)]` has the same id",
                    hint: "an id decides region and credential, so it can stand once only")
            }
            first[identifier] = first[identifier] ?? index
            if let other = settings.projects.firstIndex(where: { $0.name == identifier }), other != index {
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

    /// An agency's source must be there and must not lead back to it.
    mutating func checkCredentials() {
        for (index, credential) in settings.credentials.enumerated() {
            checkFallback(of: credential, .item("credentials", index).key("fallback"))
            if let region = credential.region { checkIdentityRegion(region, .item("credentials", index).key("region")) }
            guard case .agency(let agency) = credential.source else { continue }
            let path = SettingPath.item("credentials", index).key("source")
            checkReference(agency.source, path, settings.credentials.map(\.name), noun: "credential")
            if leadsBack(from: credential) {
                report(.conflict, path, "this agency is, in the end, its own source", hint: "begin with a credential that is no agency")
            }
        }
    }

    private mutating func checkFallback(of credential: CredentialSettings, _ path: SettingPath) {
        guard let fallback = credential.fallback else { return }
        checkReference(fallback, path, settings.credentials.map(\.name), noun: "credential")
        if fallback == credential.name {
            report(.conflict, path, "a credential can't take over for itself", hint: "name another one")
        }
    }

    private mutating func checkIdentityRegion(_ region: String, _ path: SettingPath) {
        guard vocabulary.endpoints[region] == nil, !settings.regions.contains(where: { $0.name == region }) else { return }
        report(.reference, path, "no region of this name is known", hint: DidYouMean(vocabulary.endpoints.keys.sorted()).hint(for: region))
    }

    /// Follows sources, at most as many steps as there are credentials.
    private func leadsBack(from start: CredentialSettings) -> Bool {
        var current = start
        for _ in settings.credentials {
            guard case .agency(let agency) = current.source else { return false }
            guard agency.source != start.name else { return true }
            guard let next = settings.credentials.first(where: { $0.name == agency.source }) else { return false }
            current = next
        }
        return false
    }
}
