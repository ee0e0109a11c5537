extension Validation {
    mutating func checkCallers() {
        let projects = Names(settings.projects.map(\.name))
        for (index, caller) in settings.callers.enumerated() {
            let path = SettingPath.item("callers", index)
            checkAuthentication(caller, path)
            checkListenersSuffice(caller.authentication, path.key("authenticate"))
            checkEnterpriseProjects(caller, path)
            checkLimits(caller, path)
            guard case .named(let names) = caller.projects else { continue }
            for (position, name) in names.enumerated() {
                checkReference(name, path.key("projects").index(position), projects, noun: "project")
            }
        }
    }

    private mutating func checkAuthentication(_ caller: CallerSettings, _ path: SettingPath) {
        let isAnonymous = caller.name == CallerSettings.anonymousName
        if isAnonymous, caller.authentication.isPresent {
            let message = "`anonymous` is whom no rule recognises, so it can't have a rule of its own"
            report(.conflict, path.key("authenticate"), message, hint: "give this caller another name")
        }
        guard !isAnonymous, !caller.authentication.isPresent, !hasFault(below: path.key("authenticate")) else { return }
        let hint = "add e.g. `authenticate: { cidr: [10.1.0.0/16] }`, or call it `anonymous`"
        report(.missing, path.key("authenticate"), "nothing says how this caller is recognised", hint: hint)
    }

    /// Reports a kind that no listener can provide, because it would never match.
    private mutating func checkListenersSuffice(_ authentication: CallerSettings.Authentication, _ path: SettingPath) {
        if !authentication.subjectAlternativeNames.isEmpty, !settings.listeners.contains(where: { $0.tls?.clientAuthorityFile != nil }) {
            let hint = "give a listener `tls:` with `client_ca_file:`"
            report(.reference, path.key("mtls_san"), "no listener asks for client certificates", hint: hint)
        }
        let hasSocket = settings.listeners.contains { if case .unix = $0.endpoint { true } else { false } }
        if !authentication.unixUsers.isEmpty, !hasSocket {
            report(.reference, path.key("unix_uid"), "no listener is a Unix socket", hint: "add a listener with `unix:`")
        }
        guard let rule = authentication.jwt else { return }
        let other = settings.callers.first { $0.authentication.jwt?.issuer == rule.issuer && $0.authentication.jwt?.keySet != rule.keySet }
        guard other != nil else { return }
        let message = "two callers name this issuer with different key sets"
        report(.conflict, path.key("jwt").key("jwks"), message, hint: "one issuer has one set of keys: write the same place")
    }

    mutating func checkPolicy() {
        let callers = Names(settings.callers.map(\.name) + [CallerSettings.anonymousName])
        let projects = Names(settings.projects.map(\.name))
        for (index, rule) in settings.policy.enumerated() {
            let path = SettingPath.item("policy", index)
            for (position, name) in (rule.callers ?? []).enumerated() {
                checkReference(name, path.key("callers").index(position), callers, noun: "caller")
            }
            for (position, name) in (rule.projects ?? []).enumerated() {
                checkReference(name, path.key("projects").index(position), projects, noun: "project")
            }
            for (position, pattern) in (rule.operations ?? []).enumerated() {
                checkPattern(pattern, path.key("operations").index(position))
            }
        }
    }

    /// A pattern that matches no operation is a mistake: the rule would silently do less than it says.
    private mutating func checkPattern(_ pattern: OperationPattern, _ path: SettingPath) {
        guard !vocabulary.operations.isEmpty, !vocabulary.operations.contains(where: pattern.matches) else { return }
        let message = "no operation of the catalogue fits this"
        report(
            .reference, path, message, hint: nearPattern(pattern) ?? "the names are those of the API pages, e.g. BatchExportBaselineTask")
    }

    /// Suggestions for a pattern: prefixes of operation names that are similar to its literal prefix, with the wildcards appended.
    private func nearPattern(_ pattern: OperationPattern) -> String? {
        let prefix = pattern.literalPrefix
        guard prefix != pattern.text else { return DidYouMean(vocabulary.operations).hint(for: pattern.text) }
        guard prefix.count >= DidYouMean.shortestPrefix else { return nil }
        let lengths = [prefix.count, prefix.count + 1, prefix.count - 1]
        let rest = pattern.text.dropFirst(prefix.count)
        let candidates = lengths.flatMap { length in vocabulary.operations.map { String($0.prefix(length)) + rest } }
        let fitting = candidates.filter { candidate in
            OperationPattern(text: candidate).map { near in vocabulary.operations.contains(where: near.matches) } ?? false
        }
        return DidYouMean(fitting).hint(for: pattern.text)
    }
}
