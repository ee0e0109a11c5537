/// An absolute URL of a server: scheme, host, port and path, never user information or fragment, and a query only if allowed.
package struct EndpointURL: Sendable, Hashable {
    package let scheme: String
    /// A name or an address; IPv6 without its brackets.
    package let host: String
    package let port: Int?
    /// Empty, or from the first slash on; with the query if one is allowed.
    package let path: String

    /// What is wrong with a text that should be a URL.
    package enum Fault: Error, Sendable {
        case malformed
        case userInformation
        case queryOrFragment
        case fragment
    }

    /// - Parameter mayQuery: whether a query may follow the path; it is then part of `path`.
    package init(text: String, mayQuery: Bool = false) throws(Fault) {
        guard let separator = text.firstRange(of: "://"), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .malformed }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard !scheme.isEmpty, scheme.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit }) else { throw .malformed }
        let rest = text[separator.upperBound...]
        guard !rest.contains("#"), mayQuery || !rest.contains("?") else { throw mayQuery ? .fragment : .queryOrFragment }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw .userInformation }
        guard let (host, port) = Self.split(authority) else { throw .malformed }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        let path = String(rest.dropFirst(authority.count))
        self.path = path.hasPrefix("?") ? "/" + path : path
    }

    /// Whether the traffic to it stays on this machine.
    package var isLoopback: Bool {
        host == "localhost" || IPAddress(text: host)?.isLoopback == true
    }

    /// Whether the traffic to it stays on this machine or its link (RFC 3927, RFC 4291 section 2.5.6), like that of metadata services.
    package var staysNear: Bool {
        isLoopback || IPAddress(text: host)?.isLinkLocal == true
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            guard IPAddress(text: host)?.isVersion6 == true else { return nil }
            return port(authority[authority.index(after: end)...]).map { (host, $0) }
        }
        let host = authority.prefix { $0 != ":" }
        guard isHostName(host) else { return nil }
        return port(authority.dropFirst(host.count)).map { (String(host), $0) }
    }

    /// The outer optional is "malformed", the inner one "no port".
    private static func port(_ text: Substring) -> Int?? {
        guard !text.isEmpty else { return .some(nil) }
        guard text.first == ":", let number = PortNumber.parse(text.dropFirst()), number > 0 else { return nil }
        return .some(number)
    }

    private static func isHostName(_ text: Substring) -> Bool {
        // RFC 1123 section 2.1 letters, digits, hyphens and dots; 253 octets at most (RFC 1035 section 2.3.4).
        guard (1...253).contains(text.utf8.count), text.first != ".", text.first != "-" else { return false }
        return text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}

extension EndpointURL: CustomStringConvertible {
    package var description: String { origin + path }

    /// Without the path.
    package var origin: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")"
    }
}
