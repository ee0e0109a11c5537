extension LocatedNode {
    /// Puts a node at a path, creating mappings on the path; other nodes on the path are replaced.
    ///
    /// Sequences are never created or extended: an overlay can only change existing elements.
    mutating func set(_ node: LocatedNode, at steps: ArraySlice<SettingPath.Step>) {
        guard let step = steps.first else {
            self = node
            return
        }
        switch step {
        case .key(let key):
            var entries = entries ?? []
            let index = entries.firstIndex { $0.key == key } ?? entries.endIndex
            if index == entries.endIndex {
                let empty = LocatedNode(content: .null, origin: node.origin)
                entries.append(LocatedEntry(key: key, keyOrigin: node.origin, value: empty))
            }
            entries[index].value.set(node, at: steps.dropFirst())
            content = .mapping(entries)
        case .index(let number):
            guard var elements, elements.indices.contains(number) else { return }
            elements[number].set(node, at: steps.dropFirst())
            content = .sequence(elements)
        }
    }

    /// Removes a key from the mapping at a path, if both exist.
    mutating func remove(_ key: String, at steps: ArraySlice<SettingPath.Step>) {
        switch steps.first {
        case nil:
            guard let entries else { return }
            content = .mapping(entries.filter { $0.key != key })
        case .key(let name)?:
            guard var entries, let index = entries.firstIndex(where: { $0.key == name }) else { return }
            entries[index].value.remove(key, at: steps.dropFirst())
            content = .mapping(entries)
        case .index(let number)?:
            guard var elements, elements.indices.contains(number) else { return }
            elements[number].remove(key, at: steps.dropFirst())
            content = .sequence(elements)
        }
    }

    /// The node at a path, or nil.
    func node(at path: SettingPath) -> LocatedNode? {
        var current: LocatedNode? = self
        for step in path.steps {
            switch step {
            case .key(let key): current = current?[key]
            case .index(let number): current = current?.elements.flatMap { $0.indices.contains(number) ? $0[number] : nil }
            }
        }
        return current
    }
}
