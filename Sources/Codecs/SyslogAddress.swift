/// The address of a syslog server: `tls://host:6514`, `tcp://host:601`, `udp://host:514` or
/// `unix:///run/syslog`, a socket for streams.
package enum SyslogAddress: Sendable, Hashable {
    case tls(host: String, port: Int)
    case tcp(host: String, port: Int)
    case udp(host: String, port: Int)
    case unix(path: String)

    /// Reads an address; a plain `host:port` means TLS, the only encrypted transport. Nil when it is invalid.
    package init?(_ text: String) {
        let (scheme, rest) = Self.split(text)
        if scheme == "unix" {
            guard rest.hasPrefix("/"), rest.utf8.count <= 107 else { return nil }
            self = .unix(path: rest)
            return
        }
        guard let (host, port) = Self.hostAndPort(rest, fallback: Self.ports[scheme] ?? 0), port > 0 else { return nil }
        switch scheme {
        case "tls": self = .tls(host: host, port: port)
        case "tcp": self = .tcp(host: host, port: port)
        case "udp": self = .udp(host: host, port: port)
        default: return nil
        }
    }

    /// The ports of RFC 5425, IANA's `syslog-conn` and RFC 5426.
    private static let ports = ["tls": 6514, "tcp": 601, "udp": 514]

    private static func split(_ text: String) -> (scheme: String, rest: String) {
        guard let separator = text.firstRange(of: "://") else { return ("tls", text) }
        return (text[..<separator.lowerBound].lowercased(), String(text[separator.upperBound...]))
    }

    private static func hostAndPort(_ text: String, fallback: Int) -> (String, Int)? {
        var host = Substring(text)
        var port = fallback
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            if !rest.isEmpty { port = Int(rest.dropFirst()) ?? 0 }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = Int(text[text.index(after: colon)...]) ?? 0
        }
        let allowed = host.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") }
        guard !host.isEmpty, host.utf8.count <= 253, allowed, (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }
}
