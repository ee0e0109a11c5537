/// One fault of the configuration: where, what and what to do.
///
/// No message and no hint ever contains a value from the configuration or the environment, because any value may be a secret in the wrong place. They
/// contain only keys, positions, declared names and words of the schema.
package struct SettingsProblem: Sendable, Hashable {
    /// What sort of fault it is; stable words for machines.
    package enum Kind: String, Sendable, CaseIterable {
        case syntax
        case unknownKey = "unknown_key"
        case duplicateKey = "duplicate_key"
        case unknownVariable = "unknown_variable"
        case wrongType = "wrong_type"
        case invalidValue = "invalid_value"
        case missing
        case literalSecret = "literal_secret"
        case reference
        case conflict
        case unsafe
        case unusableFile = "unusable_file"
        /// A warning: something that can never take effect.
        case unreachable
    }

    package let kind: Kind
    /// The file position, variable or flag to look at; `documentedDefault` if the value was not written.
    package let origin: SettingOrigin
    package let path: SettingPath
    /// One sentence without a full stop.
    package let message: String
    /// What to do, if known.
    package let hint: String?

    package init(_ kind: Kind, _ site: Site, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.origin = site.origin
        self.path = site.path
        self.message = message
        self.hint = hint
    }

    /// The value that a problem is about.
    package struct Site: Sendable, Hashable {
        package let path: SettingPath
        package let origin: SettingOrigin

        package init(_ path: SettingPath, _ origin: SettingOrigin) {
            self.path = path
            self.origin = origin
        }
    }
}

extension SettingsProblem: Comparable {
    /// The file from top to bottom, then variables by name, then flags, then defaults.
    package static func < (left: SettingsProblem, right: SettingsProblem) -> Bool {
        let (leftKey, rightKey) = (left.sortKey, right.sortKey)
        if leftKey.rank != rightKey.rank { return leftKey.rank < rightKey.rank }
        if let leftPosition = leftKey.position, let rightPosition = rightKey.position, leftPosition != rightPosition {
            return leftPosition < rightPosition
        }
        return (leftKey.name, left.path.description, left.message) < (rightKey.name, right.path.description, right.message)
    }

    private var sortKey: (rank: Int, position: SourcePosition?, name: String) {
        switch origin {
        case .file(let position): (0, position, "")
        case .environment(let name): (1, nil, name)
        case .flag(let name): (2, nil, name)
        case .documentedDefault: (3, nil, "")
        }
    }
}

/// Every fault of a configuration at once, sorted by position; never empty when thrown.
package struct SettingsProblems: Error, Sendable, Hashable {
    package let problems: [SettingsProblem]

    package init(_ problems: [SettingsProblem]) {
        self.problems = Array(Set(problems)).sorted()
    }
}
