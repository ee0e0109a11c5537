/// The name of a secret's source, for messages.
package enum SecretOrigin: Sendable, Hashable, CustomStringConvertible {
    case file(path: String)
    case environment(name: String)
    case value

    package var description: String {
        switch self {
        case .file(let path): "file \(path)"
        case .environment(let name): "environment variable \(name)"
        case .value: "configured value"
        }
    }
}
