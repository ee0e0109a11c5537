import Transport

/// Which of the upstream's response fields reach the caller: all but those below, each with its reason.
struct ResponseFields {
    /// What the upstream's `Connection` names, in lower case; these fields belong to the hop (RFC 9110 section 7.6.1).
    private let named: [[UInt8]]

    init(_ fields: HeaderBlock) {
        // Nearly every answer has no such field, or one that says only keep-alive or close; that case must be cheap.
        guard fields.hasField(named: "connection", whose: { !$0.namesNoField }) else {
            named = []
            return
        }
        named = fields.values(named: "connection").flatMap { $0.split(separator: ",") }
            .map { Array($0.trimmingBlanks().lowercased().utf8) }
    }

    func passes(_ name: UnsafeRawBufferPointer) -> Bool {
        guard ResponseFields.passesAlways(name) else { return false }
        return !named.contains { $0.count == name.count && zip($0, name).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) } }
    }

    static func passesAlways(_ name: UnsafeRawBufferPointer) -> Bool {
        // The gateway decides which pages may read an answer, and allows none (Fetch standard, CORS protocol).
        if name.count > 15, name[0] | 0x20 == UInt8(ascii: "a"), UnsafeRawBufferPointer(rebasing: name.prefix(15)).isField("access-control-") {
            return false
        }
        // What the gateway says of itself, and nobody else.
        if name.count > 8, name[0] | 0x20 == UInt8(ascii: "x"), UnsafeRawBufferPointer(rebasing: name.prefix(8)).isField("x-hssgw-") { return false }
        return switch name.count {
        case 2: !name.isField("te")  // Hop-by-hop, RFC 9110 section 7.6.1.
        case 3: !name.isField("nel")  // With report-to: a browser would report to the upstream about the gateway.
        case 7:
            !name.isField("trailer") && !name.isField("upgrade") && !name.isField("alt-svc")  // Trailers are dropped; no upgrades;
                // an alternative service would bypass the gateway (RFC 7838); refresh is a redirection that browsers follow.
                && !name.isField("refresh")
        case 8: !name.isField("audit-id")  // Only the gateway names its own records.
        case 9: !name.isField("report-to")
        case 10:
            !name.isField("connection") && !name.isField("keep-alive")  // Hop-by-hop.
                && !name.isField("set-cookie")  // Belongs to the gateway's session with the cloud, not to the caller.
        case 11: !name.isField("set-cookie2")
        // X-Auth-Token and the others of its kind are what the gateway proves itself with: an upstream that repeats a request's fields in its
        // answer would tell callers the cloud's tokens.
        case 12:
            !name.isField("x-request-id")  // Written once by the gateway, with the upstream's value when there is one.
                && !name.isField("x-auth-token")
        case 13: !name.isField("authorization")
        case 14: !name.isField("content-length")  // The writer adds framing.
        case 15:
            !name.isField("clear-site-data")  // Would clear what the browser keeps of the gateway.
                && !name.isField("x-subject-token") && !name.isField("x-service-token")
        case 16: !name.isField("proxy-connection") && !name.isField("x-security-token")
        case 17: !name.isField("transfer-encoding")
        case 18: !name.isField("proxy-authenticate")  // Between the gateway and its egress proxy.
        case 19:
            !name.isField("timing-allow-origin") && !name.isField("reporting-endpoints")  // As with Access-Control, and as report-to.
                && !name.isField("proxy-authorization") && !name.isField("authentication-info")
        case 20: !name.isField("idempotency-replayed")  // Only the gateway repeats answers.
        case 25: !name.isField("proxy-authentication-info")
        case 28: !name.isField("cross-origin-resource-policy")
        default: true
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether it is a value of `Connection` that names only fields which are never passed on.
    fileprivate var namesNoField: Bool { isField("keep-alive") || isField("close") }

    /// Case-insensitive comparison of a field name with a lower-case literal of the same length.
    func isField(_ lowercase: StaticString) -> Bool {
        guard count == lowercase.utf8CodeUnitCount else { return false }
        var expected = lowercase.utf8Start
        for byte in self {
            let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
            guard folded == expected.pointee else { return false }
            expected += 1
        }
        return true
    }
}
