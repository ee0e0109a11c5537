extension Availability {
    /// Every setting of a tree that asks for what isn't there yet.
    static func problems(in root: LocatedNode) -> [SettingsProblem] {
        restrictions.flatMap { restriction in
            places(restriction.pattern, in: root).compactMap { place in
                guard restriction.trigger.fires(for: place.node) else { return nil }
                let site = SettingsProblem.Site(place.path, place.node?.origin ?? place.parent)
                return SettingsProblem(.notYetAvailable, site, restriction.message, hint: restriction.hint)
            }
        }
    }

    /// Whether the default of a setting stands for something that isn't active yet.
    static func isInactive(_ setting: EffectiveSetting) -> Bool {
        guard setting.site.origin == .documentedDefault, setting.text != "null", setting.text != "[]" else { return false }
        let pattern = setting.site.path.pattern
        return restrictions.contains { restriction in
            switch restriction.trigger {
            case .given: pattern == restriction.pattern || pattern.hasPrefix(restriction.pattern + ".")
            case .otherThan(let words): pattern == restriction.pattern && !words.contains(setting.text)
            case .words: false
            }
        }
    }

    /// A place that a pattern fits; the node is nil when its last key is left out.
    private struct Place {
        let path: SettingPath
        let node: LocatedNode?
        let parent: SettingOrigin
    }

    private static func places(_ pattern: String, in root: LocatedNode) -> [Place] {
        var places = [Place(path: .root, node: root, parent: root.origin)]
        for part in pattern.split(separator: ".") {
            let isList = part.hasSuffix("[]")
            let key = String(isList ? part.dropLast(2) : part)
            places = places.flatMap { place -> [Place] in
                guard let node = place.node, node.entries != nil else { return [] }
                let below = Place(path: place.path.key(key), node: node[key], parent: node.origin)
                guard isList else { return [below] }
                return (node[key]?.elements ?? []).enumerated().map { index, element in
                    Place(path: below.path.index(index), node: element, parent: element.origin)
                }
            }
        }
        return places
    }
}

extension Availability.Trigger {
    /// Whether a node, nil for a key that is left out, asks for too much.
    func fires(for node: LocatedNode?) -> Bool {
        let isWritten = node?.hasContent == true
        switch self {
        case .given: return isWritten
        case .words(let words): return node?.scalar.map { words.contains($0.text) } ?? false
        case .otherThan(let words): return isWritten && !(node?.scalar.map { words.contains($0.text) } ?? false)
        }
    }
}
