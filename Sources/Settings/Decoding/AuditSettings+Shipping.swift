internal import Codecs

extension AuditSettings.Shipping {
    /// Bounds of a syslog message's length: RFC 5424 requires receivers to accept at least 480 bytes; no receiver accepts more than the upper bound.
    static let messageBounds = ByteCount.kibibytes(1)...ByteCount.mebibytes(1)
    /// RFC 5425 recommends that receivers accept at least 8,192 bytes.
    static let usualMessage = ByteCount.kibibytes(8)

    init?(_ reader: SectionReader) {
        guard let node = reader.node("type") else {
            let words = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            reader.report(.missing, "type", "`type` is missing", hint: "expected one of \(words)")
            return nil
        }
        guard let kind = reader.decode(node, reader.site("type"), ScalarKind<Kind>.word) else { return nil }
        let own = kind.keys + ["type", "name", "required"]
        reader.refuseForeignKeys(own: own, among: reader.keys.map(\.name), of: "a sink of type `\(kind.rawValue)`")
        name = reader.read("name", .name, default: kind.rawValue)
        isRequired = reader.read("required", .boolean, default: false)
        switch kind {
        case .postgresql: target = .postgresql(urlFile: reader.requiredFile("url_file", .secret))
        case .otlp:
            guard let endpoint = reader.endpoint("endpoint", "a collector's URL such as https://collector.example:4318") else { return nil }
            target = .otlp(
                endpoint: endpoint, headersFile: reader.file("headers_file", .secret), authorityFile: reader.file("ca_file", .authorities)
            )
        case .syslog:
            let syslog = Syslog(reader, longestMessage: reader.read("max_message", .byteCount(Self.messageBounds), default: Self.usualMessage))
            if isRequired, case .udp = SyslogAddress(syslog.address) {
                reader.report(
                    .conflict, "required", "nobody can know which datagrams arrived, so the sink can't be required", hint: "use tls, tcp or unix")
            }
            target = .syslog(syslog)
        }
    }
}

extension AuditSettings.Shipping.Kind {
    fileprivate var keys: [String] {
        switch self {
        case .postgresql: ["url_file"]
        case .otlp: ["endpoint", "headers_file", "ca_file"]
        case .syslog: ["address", "ca_file", "certificate_file", "private_key_file", "max_message"]
        }
    }
}

extension AuditSettings.Shipping.Syslog {
    init(_ reader: SectionReader, longestMessage: ByteCount) {
        self.longestMessage = longestMessage
        let expected = "an address such as tls://logs.example:6514, tcp://…, udp://… or unix:///dev/log"
        address = reader.required("address", .text(expected, longest: 300), placeholder: "")
        authorityFile = reader.file("ca_file", .authorities)
        certificateFile = reader.file("certificate_file", .publicMaterial)
        privateKeyFile = reader.file("private_key_file", .secret)
        if (certificateFile == nil) != (privateKeyFile == nil) {
            let missing = certificateFile == nil ? "certificate_file" : "private_key_file"
            reader.report(.missing, missing, "`certificate_file` and `private_key_file` come together")
        }
        if !address.isEmpty, SyslogAddress(address) == nil { reader.report(.invalidValue, "address", "expected \(expected)") }
    }
}
