/// A part of the configuration, from any source, with the position where it was written.
struct LocatedNode: Sendable {
    /// What the piece is.
    indirect enum Content: Sendable {
        /// Empty, `~` or `null`: the same as an absent key.
        case null
        case scalar(LocatedScalar)
        /// A secret in an environment variable; only the name is kept.
        case secretVariable(String)
        case sequence([LocatedNode])
        case mapping([LocatedEntry])
    }

    var content: Content
    let origin: SettingOrigin

    /// Whether anything was written: a mapping of nothing but empty keys counts as nothing.
    var hasContent: Bool {
        switch content {
        case .null: false
        case .scalar, .secretVariable: true
        case .sequence(let elements): !elements.isEmpty
        case .mapping(let entries): entries.contains { $0.value.hasContent }
        }
    }

    /// Levels of lists and mappings in it; 0 for a single value.
    var height: Int {
        switch content {
        case .null, .scalar, .secretVariable: 0
        case .sequence(let elements): 1 + (elements.map(\.height).max() ?? 0)
        case .mapping(let entries): 1 + (entries.map(\.value.height).max() ?? 0)
        }
    }

    var isNull: Bool {
        if case .null = content { true } else { false }
    }

    var scalar: LocatedScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    var elements: [LocatedNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    var entries: [LocatedEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value under a key of a mapping.
    subscript(key: String) -> LocatedNode? {
        entries?.first { $0.key == key }?.value
    }

    /// Its type in plain words; never its value.
    var shapeInWords: String {
        switch content {
        case .null: "nothing"
        case .scalar, .secretVariable: "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A single value as text.
struct LocatedScalar: Sendable, Hashable {
    let text: String
    /// Written without quotes, so that YAML's rules for numbers and booleans could apply.
    let isPlain: Bool
}

/// One key of a mapping with its value.
struct LocatedEntry: Sendable {
    let key: String
    let keyOrigin: SettingOrigin
    var value: LocatedNode
}
