/// Warns about rules and callers that can't work as intended: a rule that no request can reach, a caller to which no rule allows anything.
struct PolicyWarnings {
    private let settings: GatewaySettings
    private let scopes: [RuleScope]
    private let sites: [String: SettingsProblem.Site]
    private var found: [SettingsProblem] = []

    /// Rules are compared with all rules before them; further rules are not compared and get no warning.
    private static let mostRules = 2_000

    static func warnings(_ settings: GatewaySettings, _ vocabulary: Vocabulary) -> [SettingsProblem] {
        guard !vocabulary.facts.isEmpty, settings.policy.count <= mostRules else { return [] }
        var warnings = PolicyWarnings(settings, vocabulary)
        warnings.checkRules()
        warnings.checkCallers()
        return warnings.found
    }

    private init(_ settings: GatewaySettings, _ vocabulary: Vocabulary) {
        self.settings = settings
        scopes = settings.policy.map { RuleScope($0, vocabulary) }
        sites = settings.sites
    }

    private mutating func report(_ path: SettingPath, _ message: String, hint: String) {
        // The name of an item has the position of the item.
        guard let site = sites[path.key("name").description] ?? sites[path.description] else { return }
        found.append(SettingsProblem(.unreachable, .init(path, site.origin), message, hint: hint))
    }

    private mutating func checkRules() {
        if let first = scopes.first, first.rule.action == .deny, first.matchesEverything, scopes.count > 1 {
            report(.item("policy", 0), "the first rule refuses everything, so no other rule is ever asked", hint: "put it last, or narrow it")
            return
        }
        for (index, scope) in scopes.enumerated() {
            if scope.operations.isEmpty {
                let message = "no operation has these names, kinds and methods together, so this rule never applies"
                report(.item("policy", index), message, hint: "leave one of them out")
                continue
            }
            var rest = scope.operations
            let covering = scopes[..<index].filter { earlier in
                let decided = earlier.decided(before: scope)
                guard !decided.isDisjoint(with: rest) else { return false }
                rest.subtract(decided)
                return true
            }
            guard rest.isEmpty else { continue }
            let names = covering.map { "`\($0.rule.name)`" }.joined(separator: ", ")
            report(
                .item("policy", index), "nothing can reach this rule: \(names) before it decides all that it matches",
                hint: "move it up, or remove it")
        }
    }

    private mutating func checkCallers() {
        guard !settings.policy.isEmpty else {
            guard let site = sites["policy"] else { return }
            found.append(
                SettingsProblem(.unreachable, site, "there is no rule, so every request is refused", hint: "add `policy:` with what is allowed"))
            return
        }
        for (index, caller) in settings.callers.enumerated() where !isAllowedAnything(caller) {
            guard sites[SettingPath.item("callers", index).key("name").description] != nil else { continue }
            report(.item("callers", index), "no rule allows this caller anything", hint: "name it in a rule that allows, or remove it")
        }
    }

    private func isAllowedAnything(_ caller: CallerSettings) -> Bool {
        let projects: Set<String>? =
            switch caller.projects {
            case .all: nil
            case .named(let names): Set(names)
            }
        var denied: Set<String> = []
        for scope in scopes where scope.rule.callers?.contains(caller.name) ?? true {
            if scope.rule.action == .deny {
                if scope.isUnconditional { denied.formUnion(scope.operations) }
            } else {
                let own = scope.projects.map { rule in projects.map { !$0.isDisjoint(with: rule) } ?? true } ?? true
                if own, !scope.operations.subtracting(denied).isEmpty { return true }
            }
        }
        return false
    }
}

/// What a rule matches, as sets; nil is everything.
private struct RuleScope {
    let rule: PolicyRuleSettings
    let operations: Set<String>
    let callers: Set<String>?
    let projects: Set<String>?
    let enterpriseProjects: Set<String>?
    private let hasAllOperations: Bool
    /// Operations for which the owner of the named task matters.
    private let taskOperations: Set<String>

    init(_ rule: PolicyRuleSettings, _ vocabulary: Vocabulary) {
        self.rule = rule
        operations = Set(
            vocabulary.operations.filter { name in
                guard let facts = vocabulary.facts[name] else { return false }
                return (rule.kinds?.contains(facts.kind) ?? true) && (rule.methods?.contains(facts.method) ?? true)
                    && (rule.operations?.contains { $0.matches(name) } ?? true)
            })
        hasAllOperations = operations.count == vocabulary.operations.count
        taskOperations = operations.filter { vocabulary.facts[$0]?.namesTask ?? false }
        callers = rule.callers.map(Set.init)
        projects = rule.projects.map(Set.init)
        enterpriseProjects = rule.enterpriseProjects.map(Set.init)
    }

    /// Whether it applies to all projects, enterprise projects, tasks and hours.
    var isUnconditional: Bool { projects == nil && enterpriseProjects == nil && rule.hours == nil }

    var matchesEverything: Bool { hasAllOperations && callers == nil && isUnconditional }

    /// The operations that this rule decides whenever the other one matches.
    func decided(before other: RuleScope) -> Set<String> {
        guard holds(callers, other.callers), holds(projects, other.projects), holds(enterpriseProjects, other.enterpriseProjects),
            rule.hours == nil || rule.hours == other.rule.hours
        else { return [] }
        return coversTasks(of: other) ? operations : operations.subtracting(taskOperations)
    }

    private func holds(_ own: Set<String>?, _ others: Set<String>?) -> Bool {
        guard let own else { return true }
        return others.map { own.isSuperset(of: $0) } ?? false
    }

    /// For a task that an allowing rule doesn't cover, the next rule is checked; a denying rule applies to all tasks.
    private func coversTasks(of other: RuleScope) -> Bool {
        guard rule.action != .deny else { return true }
        switch (rule.tasks, other.rule.tasks) {
        case (.any, _): return true
        case (.unclaimed, .unclaimed), (.own, .own): return other.rule.action != .deny
        default: return false
        }
    }
}
