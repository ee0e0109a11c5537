/// What `config check` and `config show` print.
package enum SettingsReport {
    /// The column at which the comments with origins begin.
    private static let commentColumn = 56

    /// The effective configuration as YAML, each value with its origin in a comment; secrets appear as the source from which they are read.
    package static func yaml(_ settings: GatewaySettings) -> String {
        var lines: [String] = []
        var previous: [SettingPath.Step] = []
        for setting in settings.effective {
            let steps = setting.site.path.steps
            let common = zip(previous, steps).prefix { $0 == $1 }.count
            append(steps, from: common, to: &lines)
            lines[lines.count - 1] = line(lines[lines.count - 1], setting)
            previous = steps
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Writes the beginnings of the mappings and list elements that the previous value wasn't in, and the value's own key.
    private static func append(_ steps: [SettingPath.Step], from common: Int, to lines: inout [String]) {
        var pending = ""
        for (depth, step) in steps.enumerated().dropFirst(common) {
            switch step {
            case .index: pending = indentation(depth) + "- "
            case .key(let name):
                lines.append((pending.isEmpty ? indentation(depth) : pending) + YAMLText.quote(name) + ":")
                pending = ""
            }
        }
        if !pending.isEmpty { lines.append(pending) }
    }

    private static func indentation(_ depth: Int) -> String {
        String(repeating: "  ", count: depth)
    }

    private static func line(_ key: String, _ setting: EffectiveSetting) -> String {
        let text = "\(key) \(setting.text)"
        let padding = String(repeating: " ", count: max(2, commentColumn - text.count))
        return "\(text)\(padding)# \(setting.site.origin)"
    }

    /// The effective configuration as JSON lines with path, value and origin.
    package static func jsonLines(_ settings: GatewaySettings) -> String {
        settings.effective.map { setting in
            object([("path", setting.site.path.description), ("value", setting.text), ("origin", setting.site.origin.description)])
        }.joined()
    }
}

extension SettingsReport {
    /// Problems for people: `file:line:column: message`, the hint indented below.
    /// - Parameter areWarnings: whether these are warnings, which don't prevent a start.
    package static func text(_ problems: [SettingsProblem], areWarnings: Bool = false) -> String {
        problems.map { problem in
            let path = problem.path.steps.isEmpty ? "" : "\(problem.path): "
            let hint = problem.hint.map { "    \($0)\n" } ?? ""
            return "\(place(problem)): \(areWarnings ? "warning: " : "")\(path)\(problem.message)\n\(hint)"
        }.joined()
    }

    /// Problems for machines: one JSON object per line.
    package static func jsonLines(_ problems: [SettingsProblem], areWarnings: Bool = false) -> String {
        problems.map { problem in
            var members: [(String, String?)] = areWarnings ? [("severity", "warning")] : []
            switch problem.origin {
            case .file(let position):
                members += [("file", position.file)]
                return object(members + tail(problem), numbers: [("line", position.line), ("column", position.column)])
            case .environment(let name): members += [("environment", name)]
            case .flag(let name): members += [("flag", name)]
            case .documentedDefault: break
            }
            return object(members + tail(problem))
        }.joined()
    }

    private static func tail(_ problem: SettingsProblem) -> [(String, String?)] {
        [("path", problem.path.description), ("kind", problem.kind.rawValue), ("message", problem.message), ("hint", problem.hint)]
    }

    private static func place(_ problem: SettingsProblem) -> String {
        switch problem.origin {
        case .file(let position): position.description
        case .environment(let name): name
        case .flag(let name): name
        case .documentedDefault: "configuration"
        }
    }

    private static func object(_ members: [(String, String?)], numbers: [(String, Int)] = []) -> String {
        let strings = members.compactMap { name, value in value.map { "\"\(name)\":\(YAMLText.escaped($0))" } }
        return "{\((strings + numbers.map { "\"\($0)\":\($1)" }).joined(separator: ","))}\n"
    }
}
