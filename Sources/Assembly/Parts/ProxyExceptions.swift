import Glibc

/// The list of NO_PROXY, which every program interprets differently, in the forms that libcurl supports: `*`, a host or a domain (with all names
/// below it), an address, a network such as `10.0.0.0/8`.
struct ProxyExceptions {
    /// For libcurl, separated by commas.
    let text: String
    /// Entries whose effect may differ from what their author expects, a sentence each.
    let warnings: [String]

    init(_ written: String) {
        var entries: [String] = []
        var warnings: [String] = []
        for (index, entry) in written.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).enumerated() {
            var entry = String(entry)
            let name = Self.name(entry, at: index)
            // Other programs take this for all hosts below the domain, libcurl for a host of exactly that
            // name.
            if entry.hasPrefix("*.") { entry = String(entry.dropFirst()) }
            if let host = Self.host(beforePortOf: entry) {
                warnings.append("NO_PROXY names \(name): ports are not looked at, so this host is reached without the proxy at every port.")
                entry = host
            }
            if entry != "*", entry.contains("*") {
                warnings.append("NO_PROXY names \(name), which has no effect: a wildcard may only stand before a domain, as in *.example.com.")
                continue
            }
            if entry.hasPrefix("["), entry.hasSuffix("]") { entry = String(entry.dropFirst().dropLast()) }
            if !Self.canMatch(entry) {
                warnings.append("NO_PROXY names \(name), which has no effect: write a host, a domain, an address or a network such as 10.0.0.0/8.")
                continue
            }
            entries.append(entry)
        }
        text = entries.joined(separator: ",")
        self.warnings = warnings
    }

    /// The name of an entry in a warning: the entry itself if it can be a host's name, since anything else may be a secret in the
    /// wrong place.
    private static func name(_ entry: String, at index: Int) -> String {
        let isHost =
            entry.utf8.count <= 255
            && entry.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): true
                default: false
                }
            }
        return isHost ? entry : "something as its entry \(index + 1)"
    }

    /// Whether libcurl can match a host with it: a name, an address or a network.
    private static func canMatch(_ entry: String) -> Bool {
        if entry.contains("/") { return isNetwork(entry) }
        // `<local>` and lists with `;` are the forms of other systems.
        if entry.utf8.contains(where: { "<>;\"'@#?%=".utf8.contains($0) }) { return false }
        return !entry.contains(":") || isAddress(entry, AF_INET6)
    }

    /// Whether it is `address/bits`: anything else with a slash, such as a URL, matches no host.
    private static func isNetwork(_ entry: String) -> Bool {
        let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = UInt8(parts[1]) else { return false }
        let (isFour, isSix) = (Self.isAddress(String(parts[0]), AF_INET), Self.isAddress(String(parts[0]), AF_INET6))
        return isFour && bits <= 32 || isSix && bits <= 128
    }

    private static func isAddress(_ text: String, _ family: CInt) -> Bool {
        var storage = in6_addr()
        return inet_pton(family, text, &storage) == 1
    }

    /// The host of `host:port` or `[address]:port`; nil when there is no port, as in a plain IPv6 address.
    private static func host(beforePortOf entry: String) -> String? {
        guard let colon = entry.lastIndex(of: ":") else { return nil }
        let (host, port) = (entry[..<colon], entry[entry.index(after: colon)...])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed || !host.contains(":"), !host.isEmpty, UInt16(port) != nil else { return nil }
        return isBracketed ? String(host.dropFirst().dropLast()) : String(host)
    }
}
