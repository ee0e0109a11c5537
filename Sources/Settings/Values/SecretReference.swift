/// The source of a secret; the secret itself is never part of the settings.
package enum SecretReference: Sendable, Hashable {
    /// A file by its absolute path, read again when it changes.
    case file(String)
    /// An environment variable by its name.
    case environment(String)
}

extension SecretReference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let path): "<file \(path)>"
        case .environment(let name): "<environment \(name)>"
        }
    }
}
