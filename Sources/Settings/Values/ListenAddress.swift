/// The address to which a TCP listener binds: a numeric address or `localhost`, and a port. `[::1]:8080` for IPv6.
package struct ListenAddress: Sendable, Hashable {
    package let host: IPAddress
    /// 0 lets the kernel choose.
    package let port: Int

    package init(host: IPAddress, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`; nil when it isn't one. Other names than `localhost` are refused: what they resolve to can change.
    package init?(text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = PortNumber.parse(text[text.index(after: colon)...]) else { return nil }
        guard let host = Self.host(text[..<colon]) else { return nil }
        self.init(host: host, port: port)
    }

    private static func host(_ text: Substring) -> IPAddress? {
        if text == "localhost" { return IPAddress(text: "127.0.0.1") }
        guard text.first == "[" else {
            return text.contains(":") ? nil : IPAddress(text: String(text))
        }
        guard text.last == "]", let address = IPAddress(text: String(text.dropFirst().dropLast())), address.isVersion6 else { return nil }
        return address
    }

    /// Whether binding both fails, or would fail on some systems: a wildcard uses its port on every address.
    package func clashes(with other: ListenAddress) -> Bool {
        port != 0 && port == other.port && (host == other.host || host.isWildcard || other.host.isWildcard)
    }
}

extension ListenAddress: CustomStringConvertible {
    package var description: String {
        host.isVersion6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// The decimal form of a TCP port.
enum PortNumber {
    /// 0 to 65535 in plain digits without a leading zero.
    static func parse(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ $0.isASCIIDigit }) else { return nil }
        guard text == "0" || text.first != "0", let port = Int(text), port <= 65_535 else { return nil }
        return port
    }
}
