/// Where a secret is kept. A configuration names one of these; it never holds the secret itself.
package enum SecretSource: Sendable {
    /// A file, which is read again when it changes.
    case file(path: String)
    /// An environment variable, which is read once.
    case environment(name: String)
    /// A value that this process generated or was given: the sandbox's own keys, an access key id.
    case value(Secret)

    /// Its name for messages.
    package var origin: SecretOrigin {
        switch self {
        case .file(let path): .file(path: path)
        case .environment(let name): .environment(name: name)
        case .value: .value
        }
    }
}
