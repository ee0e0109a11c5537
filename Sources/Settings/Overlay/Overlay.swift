/// Applies variables and flags to the tree of the file: later values have precedence.
struct Overlay {
    private(set) var tree: LocatedNode
    private(set) var problems: [SettingsProblem] = []

    init(_ tree: LocatedNode) {
        self.tree = tree
        seedDefaultListener()
    }

    /// Adds the default listener to the tree under its name, so that variables can set it without a file.
    private mutating func seedDefaultListener() {
        guard tree["listeners"]?.isNull != false else { return }
        let name = LocatedNode(content: .scalar(.init(text: ListenerSettings.defaultName, isPlain: false)), origin: .documentedDefault)
        let entry = LocatedEntry(key: "name", keyOrigin: .documentedDefault, value: name)
        let listener = LocatedNode(content: .mapping([entry]), origin: .documentedDefault)
        let list = LocatedNode(content: .sequence([listener]), origin: .documentedDefault)
        tree.set(list, at: [.key("listeners")])
    }

    /// Every variable with our prefix. An empty one counts as not set, because container tools pass unset variables this way.
    /// - Parameter flags: flags that were passed as variables, by the variable.
    mutating func lay(_ environment: [String: String], regions: Set<String>, otherVariables: Set<String>, flags: [String: String] = [:]) {
        let table = VariableTable(tree, regions: regions)
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(VariableTable.prefix) {
            guard !otherVariables.contains(name) else { continue }
            let targets = table.targets[name] ?? []
            if targets.count > 1 {
                let places = targets.map { "`\($0.path)`" }.joined(separator: " and ")
                report(.conflict, name, "this variable could mean \(places)", hint: "rename one of them in the file")
            } else if let target = targets.first {
                if !value.isEmpty { set(value, target, flags[name].map { .flag($0) } ?? .environment(name)) }
            } else if let flag = flags[name] {
                let message = "the configuration has no listener named `\(ListenerSettings.defaultName)`, whose address this flag sets"
                problems.append(
                    SettingsProblem(.reference, .init(.root.key("listeners"), .flag(flag)), message, hint: "name one so, or leave the flag out"))
            } else {
                let known = Array(table.targets.keys.sorted()) + otherVariables.sorted()
                let fallback = "variables are `HSSGW_` and the path in capitals, list items by their name, e.g. HSSGW_ADMIN_ADDRESS"
                report(.unknownVariable, name, "no setting belongs to this variable", hint: DidYouMean(known).hint(for: name) ?? fallback)
            }
        }
    }

    /// Values that were given on the command line. The paths are defined by the program and must be in the schema.
    mutating func lay(_ flags: [FlagValue]) {
        for flag in flags {
            guard let key = Schema.key(at: flag.path) else { preconditionFailure("no setting belongs to this flag") }
            set(flag.value, .init(path: flag.path, shape: key.shape), .flag(flag.name))
        }
    }

    private mutating func set(_ value: String, _ target: VariableTable.Target, _ origin: SettingOrigin) {
        let content: LocatedNode.Content
        switch (target.shape, origin) {
        case (.secret, .environment(let name)):
            content = .secretVariable(name)
        case (.list, _), (.wordsOrItems, _):
            let parts = value.split(separator: ",").map { $0.trimmingBlanks }
            content = .sequence(parts.map { LocatedNode(content: .scalar(.init(text: $0, isPlain: true)), origin: origin) })
        default:
            content = .scalar(LocatedScalar(text: value, isPlain: !value.isOctalMode))
        }
        dropTwin(of: target.path, givenBy: origin)
        tree.set(LocatedNode(content: content, origin: origin), at: target.path.steps[...])
    }

    /// `token` from a variable replaces `token_file` of the file, and the reverse; two of the same precedence are kept and reported as a conflict.
    private mutating func dropTwin(of path: SettingPath, givenBy origin: SettingOrigin) {
        guard case .key(let key)? = path.steps.last else { return }
        let suffix = Schema.fileSuffix
        let twin = key.hasSuffix(suffix) ? String(key.dropLast(suffix.count)) : key + suffix
        guard let node = tree.node(at: path.parent.key(twin)), !node.origin.hasSameRank(as: origin) else { return }
        tree.remove(twin, at: path.parent.steps[...])
    }

    private mutating func report(_ kind: SettingsProblem.Kind, _ variable: String, _ message: String, hint: String) {
        problems.append(SettingsProblem(kind, .init(.root, .environment(variable)), message, hint: hint))
    }
}

extension SettingOrigin {
    fileprivate func hasSameRank(as other: SettingOrigin) -> Bool {
        switch (self, other) {
        case (.flag, .flag), (.environment, .environment), (.file, .file), (.documentedDefault, .documentedDefault): true
        default: false
        }
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    fileprivate var trimmingBlanks: String {
        let front = drop { $0 == " " || $0 == "\t" }
        return String(front.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension String {
    /// `0660`: a variable has no quotes, so the form itself shows that it is a file mode and no number.
    fileprivate var isOctalMode: Bool { FileMode(text: self) != nil }
}
