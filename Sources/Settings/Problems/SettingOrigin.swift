/// The origin of a value. In order of precedence: flag, environment, file, default.
package enum SettingOrigin: Sendable, Hashable {
    /// A command-line flag by its spelling, e.g. `--admin-address`.
    case flag(String)
    /// An environment variable by its name.
    case environment(String)
    /// A place in the configuration file.
    case file(SourcePosition)
    /// The documented default.
    case documentedDefault
}

extension SettingOrigin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let name): "environment \(name)"
        case .file(let position): "\(position.file):\(position.line)"
        case .documentedDefault: "default"
        }
    }
}
