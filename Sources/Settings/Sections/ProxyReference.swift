/// The corporate proxy: an address, or the variable that holds one (which may contain a password and is therefore not copied).
package enum ProxyReference: Sendable, Hashable {
    case url(EndpointURL)
    case environment(String)
}

extension ProxyReference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .url(let url): url.description
        case .environment(let name): "<environment \(name)>"
        }
    }
}
