/// Collects all results of decoding the configuration once. Confined to the function that makes it.
final class DecodingPass {
    /// What values may depend on, in addition to the tree.
    struct Surroundings {
        let environment: [String: String]
        /// Relative paths in the file and in defaults start here.
        let documentDirectory: String
        /// Relative paths in variables and flags start here.
        let workingDirectory: String
        /// Whether the variables have to be set that `${NAME}` refers to.
        var hasSecrets = true
        /// Returns a path under which a store's secret can be read; nil keeps the reference, if the secret will not be read.
        var storePath: (@Sendable (StoreReference) -> String)?
    }

    let surroundings: Surroundings
    private(set) var problems: [SettingsProblem] = []
    private(set) var effective: [EffectiveSetting] = []
    private(set) var files: [FileRequirement] = []
    private(set) var origins: [SettingPath: SettingOrigin] = [:]
    /// Secrets in stores, where they are referred to.
    private(set) var references: [(reference: StoreReference, site: SettingsProblem.Site)] = []
    /// Whether the section of the stores is being read: the credentials of a store can't be in a store themselves.
    var isInsideStores = false
    /// Paths with a fault of their own; what depends on them is not reported as well.
    private(set) var faulty: Set<SettingPath> = []

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Adds a problem. A missing key is not reported if its parent doesn't have the right form.
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

    /// Notes where the value of a path was written.
    func note(_ site: SettingsProblem.Site) {
        origins[site.path] = site.origin
    }

    func require(_ path: String, _ role: FileRequirement.Role, _ site: SettingsProblem.Site) {
        files.append(FileRequirement(site: site, path: path, role: role))
    }

    /// The path of a secret in a store; nil, with a problem reported, if the text is no valid reference or none is allowed here.
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

    /// A path made absolute with the base directory that belongs to its origin.
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
