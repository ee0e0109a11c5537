/// Collects everything that one reading of the configuration finds out. Confined to the function that makes it.
final class DecodingPass {
    /// What values may depend on besides the tree.
    struct Surroundings {
        let environment: [String: String]
        /// Relative paths in the file and in defaults start here.
        let documentDirectory: String
        /// Relative paths in variables and flags start here.
        let workingDirectory: String
        /// Gives a path under which a store's secret can be read; nil leaves the reference as it stands, where nobody will read it.
        var storePath: (@Sendable (StoreReference) -> String)?
    }

    let surroundings: Surroundings
    private(set) var problems: [SettingsProblem] = []
    private(set) var effective: [EffectiveSetting] = []
    private(set) var files: [FileRequirement] = []
    private(set) var origins: [SettingPath: SettingOrigin] = [:]
    /// Secrets in stores, where they are referred to.
    private(set) var references: [(reference: StoreReference, site: SettingsProblem.Site)] = []
    /// Whether the section of the stores is being read: what a store is reached with can't be in a store.
    var isInsideStores = false
    /// Paths with a fault of their own; what depends on them is not reported as well.
    private(set) var faulty: Set<SettingPath> = []

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Keeps a problem. What is missing from something that isn't even of the right shape is not reported.
    func report(_ problem: SettingsProblem) {
        let isConsequence = problem.kind == .missing && isInsideFaulty(problem.path)
        if !isConsequence { problems.append(problem) }
        faulty.insert(problem.path)
    }

    private func isInsideFaulty(_ path: SettingPath) -> Bool {
        var parent = path.parent
        while !parent.steps.isEmpty {
            if faulty.contains(parent) { return true }
            parent = parent.parent
        }
        return false
    }

    func record(_ site: SettingsProblem.Site, _ text: String) {
        effective.append(EffectiveSetting(site: site, text: text))
        note(site)
    }

    /// Remembers where a path was written.
    func note(_ site: SettingsProblem.Site) {
        origins[site.path] = site.origin
    }

    func require(_ path: String, _ role: FileRequirement.Role, _ site: SettingsProblem.Site) {
        files.append(FileRequirement(site: site, path: path, role: role))
    }

    /// The path of a secret in a store; nil after reporting when the text is no good reference, or none may stand there.
    func storePath(_ text: String, _ role: FileRequirement.Role, _ site: SettingsProblem.Site) -> String? {
        guard let reference = StoreReference(text: text) else {
            report(.init(.invalidValue, site, "expected \(StoreReference.expected)"))
            return nil
        }
        guard role == .secret || role == .publicMaterial || role == .authorities else {
            report(.init(.conflict, site, "the gateway writes here itself, so that it can't be in a store", hint: "name a file"))
            return nil
        }
        guard !isInsideStores else {
            report(.init(.conflict, site, "what a store is reached with can't be in a store", hint: "name a file"))
            return nil
        }
        references.append((reference, site))
        guard let place = surroundings.storePath else { return reference.description }
        let path = place(reference)
        require(path, role, site)
        return path
    }

    /// A path made absolute against the directory that its origin suggests.
    func absolute(_ path: String, _ origin: SettingOrigin) -> String {
        guard !path.hasPrefix("/") else { return path }
        let base: String
        switch origin {
        case .file, .documentedDefault: base = surroundings.documentDirectory
        case .flag, .environment: base = surroundings.workingDirectory
        }
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
        if rest.isEmpty || rest == "." { return base }
        return base.hasSuffix("/") ? base + rest : "\(base)/\(rest)"
    }
}
