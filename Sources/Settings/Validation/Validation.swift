/// The checks that need more than one value, or words of the catalogue. Pure: no clock, no files, no network.
struct Validation {
    let settings: GatewaySettings
    let vocabulary: Vocabulary
    private let origins: [SettingPath: SettingOrigin]
    /// Paths with a fault of their own.
    let faultyPaths: Set<SettingPath>
    private var found: [SettingsProblem] = []

    /// All faults between values, without repeating faults of single values.
    static func problems(_ settings: GatewaySettings, _ pass: DecodingPass, _ vocabulary: Vocabulary) -> [SettingsProblem] {
        var validation = Validation(settings: settings, vocabulary: vocabulary, pass)
        validation.checkNames()
        validation.checkProjects()
        validation.checkCredentials()
        validation.checkIAMServices()
        validation.checkCallers()
        validation.checkPolicy()
        validation.checkListeners()
        return validation.found
    }

    private init(settings: GatewaySettings, vocabulary: Vocabulary, _ pass: DecodingPass) {
        self.settings = settings
        self.vocabulary = vocabulary
        origins = pass.origins
        faultyPaths = pass.faulty
    }

    /// Reports a fault at a path, unless the value there, or its parent, is already faulty.
    mutating func report(_ kind: SettingsProblem.Kind, _ path: SettingPath, _ message: String, hint: String? = nil) {
        guard !isFaulty(path) else { return }
        found.append(SettingsProblem(kind, .init(path, origin(path)), message, hint: hint))
    }

    /// Whether the value at a path, or the item or section that holds it, could not be read.
    func isFaulty(_ path: SettingPath) -> Bool {
        var path = path
        while !path.steps.isEmpty {
            if faultyPaths.contains(path) { return true }
            path = path.parent
        }
        return false
    }

    /// Whether the value was written, and isn't the default.
    func isWritten(_ path: SettingPath) -> Bool {
        origins[path].map { $0 != .documentedDefault } ?? false
    }

    /// Where a value is written, or its nearest parent that is.
    private func origin(_ path: SettingPath) -> SettingOrigin {
        var path = path
        while !path.steps.isEmpty {
            if let origin = origins[path], origin != .documentedDefault { return origin }
            path = path.parent
        }
        return origins[.root] ?? .documentedDefault
    }
}

extension SettingPath {
    /// The path of an element of one of the root's lists.
    static func item(_ list: String, _ index: Int) -> SettingPath {
        SettingPath([.key(list), .index(index)])
    }
}
