extension Validation {
    /// The enterprise project that is injected for a caller must be one that it may name.
    mutating func checkEnterpriseProjects(_ caller: CallerSettings, _ path: SettingPath) {
        let place = path.key("enterprise_projects")
        let grants = caller.enterpriseProjects
        if let chosen = grants.byDefault {
            guard grants.allows(chosen) else {
                report(.conflict, place.key("default"), "the default isn't among `allowed`", hint: "add it there")
                return
            }
            return
        }
        let granted = settings.projects.filter { project in
            switch caller.projects {
            case .all: true
            case .named(let names): names.contains(project.name)
            }
        }
        guard let misfit = granted.first(where: { !grants.allows($0.enterpriseProject) }) else { return }
        report(
            .conflict, place.key("allowed"), "the default of the project \(misfit.name) isn't among these, so a call that names none is refused",
            hint: "add `default:` beside it")
    }

    mutating func checkLimits(_ caller: CallerSettings, _ path: SettingPath) {
        guard caller.limits.burst != nil, caller.limits.requestsPerSecond == nil else { return }
        report(
            .conflict, path.key("limits").key("burst"), "a burst without `requests_per_second` limits nothing", hint: "add the rate beside it")
    }
}

extension CallerSettings.EnterpriseProjects {
    /// Selects all that the credential may access; has to be listed.
    static let allGranted = "all_granted_eps"

    func allows(_ value: String) -> Bool {
        guard let allowed else { return value != Self.allGranted }
        return allowed.contains(value) || value != Self.allGranted && allowed.contains("*")
    }
}
