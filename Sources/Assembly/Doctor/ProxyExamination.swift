import Codecs
import Settings
import Transport

/// Examines the outgoing proxy, if there is one.
struct ProxyExamination: Sendable {
    private let configuration: TransportConfiguration
    private let exceptions: ProxyExceptions?
    private let url: Parts?

    /// The parts of a proxy's URL that the examination needs.
    private struct Parts: Sendable {
        let scheme: String
        let host: String
        let port: Int
        /// `user:password`, a secret.
        let userInformation: String?
    }

    init(_ configuration: TransportConfiguration, _ exceptions: ProxyExceptions?) {
        self.configuration = configuration
        self.exceptions = exceptions
        url = configuration.proxy.flatMap(Self.parts)
    }

    /// The proxy for a tunnel of the doctor's own; nil for one with TLS or SOCKS.
    var place: TunnelProxy? {
        guard let url, url.scheme == "http" else { return nil }
        let authorization = url.userInformation.map { "Basic \(Base64.encode(Array($0.utf8)))" }
        return TunnelProxy(host: url.host, port: url.port, authorization: authorization)
    }

    /// Whether a host is reached through it.
    func isUsed(for host: String) -> Bool { configuration.proxy != nil && exceptions?.covers(host) != true }

    func findings(patience: Duration) async -> [DoctorFinding] {
        let warnings = (exceptions?.warnings ?? []).map {
            DoctorFinding(.proxy, "NO_PROXY", .warning, $0, "Write it in the form that is meant.")
        }
        guard configuration.proxy != nil else {
            return warnings + [DoctorFinding(.proxy, nil, .ok, "None is configured; everything is reached directly.")]
        }
        guard let url else {
            return warnings + [DoctorFinding(.proxy, nil, .failure, "The proxy's URL can't be read.", "Write it as http://host:port.")]
        }
        let subject = "\(url.host):\(url.port)"
        let trial = await Blocking.run { () -> ConnectionTrial? in
            let lookup = NameLookup.find(url.host)
            return lookup.addresses.isEmpty ? nil : ConnectionTrial.run(lookup.addresses, port: url.port, patience: patience)
        }
        guard case .some(.some(let trial)) = trial else {
            return warnings + [
                DoctorFinding(
                    .proxy, subject, .failure, "The proxy's name leads to no address.", "Correct upstream.proxy or HTTPS_PROXY, or the name in DNS.")
            ]
        }
        let message = trial.results.map { "\($0.address.text) \($0.outcome.sentence)" }.joined(separator: ", ") + "."
        return warnings + [
            DoctorFinding(
                .proxy, subject, trial.isReached ? .ok : .failure, message,
                trial.isReached ? nil : "Correct upstream.proxy or HTTPS_PROXY, or start the proxy.")
        ]
    }

    private static let ports = ["http": 1_080, "https": 443, "socks4": 1_080, "socks4a": 1_080, "socks5": 1_080, "socks5h": 1_080]

    /// libcurl's interpretation: http and port 1080 by default (CURLOPT_PROXY).
    private static func parts(_ text: String) -> Parts? {
        var rest = Substring(text)
        var scheme = "http"
        if let separator = text.firstRange(of: "://") {
            scheme = text[..<separator.lowerBound].lowercased()
            rest = text[separator.upperBound...]
        }
        guard let usual = ports[scheme] else { return nil }
        rest = rest.prefix { $0 != "/" }
        var information: String?
        if let at = rest.lastIndex(of: "@") {
            information = decoded(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        var host = rest
        var port: Int? = usual
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = rest[rest.index(after: rest.startIndex)..<end]
            let behind = rest[rest.index(after: end)...]
            if behind.hasPrefix(":") { port = Int(behind.dropFirst()) }
        } else if let colon = rest.lastIndex(of: ":") {
            host = rest[..<colon]
            port = Int(rest[rest.index(after: colon)...])
        }
        guard !host.isEmpty, let port, (1...65_535).contains(port) else { return nil }
        return Parts(scheme: scheme, host: String(host), port: port, userInformation: information)
    }

    /// Decodes percent-encoding, as libcurl does before it sends user and password.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ProxyExceptions {
    /// Whether a host in lower case matches one of the exceptions, as libcurl interprets them: a domain matches all names below it, a
    /// network its addresses.
    func covers(_ host: String) -> Bool {
        let address = IPAddress(text: host)
        return text.split(separator: ",").contains { entry in
            if entry == "*" { return true }
            if let address {
                guard let block = CIDRBlock(text: String(entry)) else { return false }
                return block.masked.holds(address)
            }
            let domain = entry.drop { $0 == "." }.lowercased()
            return !domain.isEmpty && (host == domain || host.hasSuffix("." + domain))
        }
    }
}

extension CIDRBlock {
    /// Whether an address is in the block, whose bits after the prefix are zero.
    fileprivate func holds(_ address: IPAddress) -> Bool {
        guard network.bytes.count == address.bytes.count else { return false }
        return zip(network.bytes, address.bytes).enumerated().allSatisfy { index, pair in
            // From 0 to 8 bits of this byte count: `prefixLength` is at most 128 and `index` at most 15.
            let kept = max(0, min(8, prefixLength - index * 8))
            return (pair.0 ^ pair.1) & UInt8(truncatingIfNeeded: 0xFF00 >> kept) == 0
        }
    }
}
