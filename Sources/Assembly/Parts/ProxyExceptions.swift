/// The list of NO_PROXY, which every program reads in a way of its own, in the forms that libcurl knows: `*`, a host or a domain (with all below
/// it), an address, a network such as `10.0.0.0/8`.
struct ProxyExceptions {
    /// For libcurl, separated by commas.
    let text: String
    /// What was written and has another effect here than its writer may expect, each a sentence.
    let warnings: [String]

    init(_ written: String) {
        var entries: [String] = []
        var warnings: [String] = []
        for entry in written.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }) {
            var entry = String(entry)
            // Others mean all hosts below the domain by it, libcurl a host of that very name.
            if entry.hasPrefix("*.") { entry = String(entry.dropFirst()) }
            if let host = Self.host(beforePortOf: entry) {
                warnings.append("NO_PROXY names \(entry): ports are not looked at, so \(host) is reached without the proxy at every port.")
                entry = host
            }
            if entry != "*", entry.contains("*") {
                warnings.append("NO_PROXY names \(entry), which has no effect: a wildcard may only stand before a domain, as in *.example.com.")
                continue
            }
            entries.append(entry)
        }
        text = entries.joined(separator: ",")
        self.warnings = warnings
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
