extension ListenerSettings {
    /// The documented default; also the listener that is used if none is configured.
    static let defaultName = "internal"
    static let defaultAddress = ListenAddress(host: IPAddress(bytes: [127, 0, 0, 1]), port: 8080)
    static let defaultMode = FileMode(bits: 0o660)

    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        endpoint = Self.endpoint(reader)
        tls = Self.tls(reader)
        let isLocal: Bool
        if case .tcp(let address) = endpoint { isLocal = address.host.isLoopback } else { isLocal = true }
        trustedProxies = reader.list("trusted_proxies", .cidr, default: [])
        // Behind a proxy on this machine all requests come from this machine.
        allowsAnonymous = reader.read("anonymous", .boolean, default: isLocal && trustedProxies.isEmpty)
        hosts = reader.list("hosts", .servedHost, default: [])
    }

    private static func endpoint(_ reader: SectionReader) -> Endpoint {
        guard reader.has("unix") else {
            if reader.has("mode") { reader.report(.conflict, "mode", "`mode` belongs to a Unix socket, and this listener has an address") }
            return .tcp(reader.read("address", .listenAddress, default: defaultAddress))
        }
        if reader.has("address") {
            reader.report(.conflict, "address", "`address` and `unix` are both given", hint: "make two listeners of them")
        }
        let path = reader.requiredFile("unix", .socket)
        return .unix(path: path, mode: reader.read("mode", .fileMode, default: defaultMode))
    }

    static func tls(_ reader: SectionReader) -> TLS? {
        // `tls: { certificate_file: }` without a value is the same as no TLS.
        guard reader.node("tls")?.hasContent == true else { return nil }
        let section = reader.section("tls")
        return TLS(
            certificateFile: section.requiredFile("certificate_file", .publicMaterial),
            privateKeyFile: section.requiredFile("private_key_file", .secret),
            clientAuthorityFile: section.file("client_ca_file", .publicMaterial))
    }
}

extension AdminSettings {
    static let defaultAddress = ListenAddress(host: IPAddress(bytes: [127, 0, 0, 1]), port: 9090)

    /// Each request is compared with every token.
    static let mostTokens = 64

    init(_ reader: SectionReader) {
        address = reader.read("address", .listenAddress, default: Self.defaultAddress)
        token = reader.secret("token")
        // If they are absent, nothing is recorded, so that the digest of a configuration without them doesn't change.
        tokens = reader.has("tokens") ? reader.items("tokens").map(Token.init) : []
        tls = ListenerSettings.tls(reader)
        if tokens.count > Self.mostTokens { reader.report(.invalidValue, "tokens", "at most \(Self.mostTokens) tokens can be told apart") }
    }
}

extension AdminSettings.Token {
    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        role = reader.required("role", .word, placeholder: .auditor)
        token = reader.requiredSecret("token")
    }
}
