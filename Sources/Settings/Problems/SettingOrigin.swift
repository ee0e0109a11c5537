/// Who gave a value, in the order of precedence: a flag beats the environment, which beats the file, which beats the default.
package enum SettingOrigin: Sendable, Hashable {
    /// A command-line flag by its spelling, e.g. `--admin-address`.
    case flag(String)
    /// An environment variable by its name.
    case environment(String)
    /// A place in the configuration file.
    case file(SourcePosition)
    /// Nobody: the documented default.
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
