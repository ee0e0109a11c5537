extension Validation {
    /// Names are unique within their list: references, labels and records can't distinguish two with the same name.
    mutating func checkNames() {
        checkUnique(settings.listeners.map(\.name), in: "listeners", noun: "listener")
        checkUnique(settings.credentials.map(\.name), in: "credentials", noun: "credential")
        checkUnique(settings.projects.map(\.name), in: "projects", noun: "project")
        checkUnique(settings.callers.map(\.name), in: "callers", noun: "caller")
        checkUnique(settings.policy.map(\.name), in: "policy", noun: "rule")
        checkTypedNames(settings.admin.tokens.map(\.name), in: .root.key("admin").key("tokens"), noun: "token")
        checkTypedNames(settings.audit.shipping.map(\.name), in: .root.key("audit").key("ship"), noun: "sink")
        checkSinksBesideWebhooks()
        checkTypedNames(settings.audit.checkpoint.anchors.map(\.name), in: .root.key("audit").key("checkpoint").key("anchors"), noun: "anchor")
    }

    private mutating func checkUnique(_ names: [String], in list: String, noun: String) {
        var first: [String: Int] = [:]
        for (index, name) in names.enumerated() where !isFaulty(.item(list, index).key("name")) {
            if let earlier = first[name] {
                report(
                    .conflict, .item(list, index).key("name"), "`\(list)[\(earlier)]` has the same name",
                    hint: "give each \(noun) a name of its own")
            } else {
                first[name] = index
            }
        }
    }

    /// A webhook reads the journal like a sink, and has its place in a file and its figures under the name `notify.` and its caller's: a sink with
    /// that name would go on at the webhook's place.
    private mutating func checkSinksBesideWebhooks() {
        for (index, sink) in settings.audit.shipping.enumerated() {
            guard let caller = settings.callers.first(where: { $0.notify != nil && "notify.\($0.name)" == sink.name }) else { continue }
            let path = SettingPath.root.key("audit").key("ship").index(index)
            report(.conflict, path, "the webhook of the caller `\(caller.name)` has this name", hint: "give the sink another `name`")
        }
    }

    /// Without a name, a sink or an anchor is named after its type, so two of the same type need names.
    private mutating func checkTypedNames(_ names: [String?], in list: SettingPath, noun: String) {
        var first: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            guard let name else { continue }
            if let earlier = first[name] {
                report(.conflict, list.index(index), "`\(list)[\(earlier)]` has the same name", hint: "give each \(noun) a `name` of its own")
            } else {
                first[name] = index
            }
        }
    }

    /// Reports an undeclared name, with similar declared names.
    mutating func checkReference(_ name: String, _ path: SettingPath, _ declared: Names, noun: String) {
        guard !declared.contains(name) else { return }
        let names = declared.all.filter(NameGrammar.accepts)
        let all = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        let hint = DidYouMean(names).hint(for: name) ?? (names.isEmpty ? "no \(noun) is configured" : "there is \(all)")
        report(.reference, path, "no \(noun) has this name", hint: hint)
    }
}

/// Declared names: in their order for hints, and as a set for lookups.
struct Names {
    let all: [String]
    private let set: Set<String>

    init(_ all: [String]) {
        self.all = all
        set = Set(all)
    }

    func contains(_ name: String) -> Bool { set.contains(name) }
}
