/// Scheme, host and port of an upstream (RFC 6454), in one canonical form.
///
/// A class, so that a request retains one reference instead of three.
package final class Origin: Sendable {
    /// Why a URL is no origin.
    package enum Invalid: Error, Equatable {
        /// Only `http` and `https` are supported.
        case scheme
        /// The host is missing, or contains a character that is not allowed in a host name.
        case host
        /// The port is not 1 to 65535.
        case port
        /// User, path, query or fragment: an origin has none.
        case notAnOrigin
    }

    /// How the connection is protected.
    package enum Scheme: String, Sendable {
        case http
        case https

        /// The default port of the scheme.
        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    /// How the connection is protected.
    package let scheme: Scheme
    /// The host in lower case; an IPv6 address without its brackets.
    package let host: String
    /// The port, also if the URL omits it.
    package let port: Int
    /// The exact value of the Host field that is sent: without the scheme's default port.
    package let hostField: String
    /// The form libcurl is given; its path is never sent; the request's target is sent instead.
    let url: String

    /// Reads `https://host[:port]`, with or without one slash at the end.
    package init(url: String) throws(Invalid) {
        guard let separator = url.utf8.firstIndex(of: UInt8(ascii: ":")), url[separator...].hasPrefix("://"),
            let scheme = Scheme(rawValue: url[..<separator].lowercased())
        else { throw .scheme }
        var authority = url[url.index(separator, offsetBy: 3)...]
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard !authority.utf8.contains(where: { "/?#@\\".utf8.contains($0) }) else { throw .notAnOrigin }

        let (host, port, isIPv6) = try Self.split(authority)
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = try port.map(Self.portNumber) ?? scheme.defaultPort
        let bracketed = isIPv6 ? "[\(self.host)]" : self.host
        hostField = self.port == scheme.defaultPort ? bracketed : "\(bracketed):\(self.port)"
        self.url = "\(scheme.rawValue)://\(hostField)/"
    }

    private static func split(_ authority: Substring) throws(Invalid) -> (host: Substring, port: Substring?, isIPv6: Bool) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .host }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            guard !host.isEmpty, host.utf8.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { throw .host }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .host }
            return (host, rest.isEmpty ? nil : rest.dropFirst(), true)
        }
        let colon = authority.firstIndex(of: ":")
        let host = authority[..<(colon ?? authority.endIndex)]
        guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { throw .host }
        return (host, colon.map { authority[authority.index(after: $0)...] }, false)
    }

    private static func portNumber(_ text: Substring) throws(Invalid) -> Int {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let port = Int(text),
            (1...65_535).contains(port)
        else { throw .port }
        return port
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Origin: Hashable {
    /// Whether they are the same upstream: the canonical form identifies an origin completely.
    package static func == (one: Origin, other: Origin) -> Bool { one === other || one.url == other.url }

    package func hash(into hasher: inout Hasher) { hasher.combine(url) }
}
