/// The path of a value in the configuration, e.g. `callers[0].limits.burst`.
package struct SettingPath: Sendable, Hashable {
    /// One step from the root of the configuration towards a value.
    package enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    package let steps: [Step]

    /// The whole configuration.
    package static let root = SettingPath([])

    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// The path of a key below this one.
    package func key(_ name: String) -> SettingPath {
        SettingPath(steps + [.key(name)])
    }

    /// The path of a list element below this one.
    package func index(_ number: Int) -> SettingPath {
        SettingPath(steps + [.index(number)])
    }

    /// The path one step up; the root is its own parent.
    package var parent: SettingPath {
        SettingPath(Array(steps.dropLast()))
    }

    /// The path with every list index left open, e.g. `callers[].limits.burst`.
    package var pattern: String {
        text { _ in "[]" }
    }

    private func text(index: (Int) -> String) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let number): text += index(number)
            }
        }
        return text
    }
}

extension SettingPath: CustomStringConvertible {
    package var description: String {
        text { "[\($0)]" }
    }
}
