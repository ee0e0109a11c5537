extension AuditSettings.Shipping {
    /// What a syslog message may be long: RFC 5424 asks receivers for 480 bytes at least; more than the upper bound no receiver takes.
    static let messageBounds = ByteCount.kibibytes(1)...ByteCount.mebibytes(1)

    init?(_ reader: SectionReader) {
        guard let node = reader.node("type") else {
            let words = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            reader.report(.missing, "type", "`type` is missing", hint: "expected one of \(words)")
            return nil
        }
        guard let kind = reader.decode(node, reader.site("type"), ScalarKind<Kind>.word) else { return nil }
        Self.refuseForeignKeys(of: kind, reader)
        name = reader.read("name", .name, default: kind.rawValue)
        isRequired = reader.read("required", .boolean, default: false)
        switch kind {
        case .postgresql: target = .postgresql(urlFile: reader.requiredFile("url_file", .secret))
        case .otlp:
            guard let endpoint = Self.endpoint(reader) else { return nil }
            target = .otlp(
                endpoint: endpoint, headersFile: reader.file("headers_file", .secret), authorityFile: reader.file("ca_file", .publicMaterial)
            )
        case .syslog: target = .syslog(Syslog(reader))
        }
    }

    private static func endpoint(_ reader: SectionReader) -> EndpointURL? {
        guard let node = reader.node("endpoint") else {
            reader.report(.missing, "endpoint", "`endpoint` is missing", hint: "expected a collector's URL")
            return nil
        }
        let kind = ScalarKind<EndpointURL>.url("a collector's URL such as https://collector.example:4318", schemes: ["https", "http"])
        guard let endpoint = reader.decode(node, reader.site("endpoint"), kind) else { return nil }
        if endpoint.scheme == "http", !endpoint.isLoopback {
            reader.report(
                .invalidValue, "endpoint", "plain http would show the records to the network", hint: "use https, or a collector on loopback"
            )
        }
        return endpoint
    }

    /// Keys of another type would be ignored, and their writer would think that they count.
    private static func refuseForeignKeys(of kind: Kind, _ reader: SectionReader) {
        let own: [Kind: [String]] = [
            .postgresql: ["url_file"], .otlp: ["endpoint", "headers_file", "ca_file"],
            .syslog: ["address", "ca_file", "certificate_file", "private_key_file", "max_message"],
        ]
        let foreign = Set(own.values.joined()).subtracting(own[kind] ?? []).sorted()
        for key in foreign where reader.has(key) {
            reader.report(.conflict, key, "a sink of type `\(kind.rawValue)` has no `\(key)`", hint: "remove it")
        }
    }
}

extension AuditSettings.Shipping.Syslog {
    init(_ reader: SectionReader) {
        let expected = "an address such as tls://logs.example:6514, tcp://…, udp://… or unix:///dev/log"
        address = reader.required("address", .text(expected, longest: 300), placeholder: "")
        authorityFile = reader.file("ca_file", .publicMaterial)
        certificateFile = reader.file("certificate_file", .publicMaterial)
        privateKeyFile = reader.file("private_key_file", .secret)
        longestMessage = reader.read("max_message", .byteCount(AuditSettings.Shipping.messageBounds), default: .kibibytes(8))
        if (certificateFile == nil) != (privateKeyFile == nil) {
            let missing = certificateFile == nil ? "certificate_file" : "private_key_file"
            reader.report(.missing, missing, "`certificate_file` and `private_key_file` come together")
        }
        let schemes = ["tls", "tcp", "udp", "unix"]
        if let separator = address.firstRange(of: "://"), !schemes.contains(String(address[..<separator.lowerBound])) {
            reader.report(.invalidValue, "address", "expected \(expected)")
        }
    }
}
