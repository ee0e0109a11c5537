import NIOHPACK
import NIOHTTP1
import Transport

/// The head of a request on a stream (RFC 9113 section 8.3), in the form that all later steps use.
///
/// The library decodes the block; malformed fields are refused here, in one pass. That is what breaks the protocol (section 8.2: names that are
/// no tokens in lower case, connection-specific fields, pseudo-header fields that are unknown, repeated or come after regular ones) and what
/// could be read in two ways by a next hop of HTTP/1.1: values with control characters, an authority or a path that isn't one.
struct StreamHead {
    let head: HTTPRequestHead
    let fields: InboundFields
    let framing: Result<WireJudge.Framing, Refusal>
    /// Whether it is malformed according to the protocol (section 8.1.1), which no client's library sends.
    let breaksProtocol: Bool

    /// - Parameter isWhole: whether no body follows.
    init(_ block: HPACKHeaders, isWhole: Bool, limits: WireLimits) {
        var pseudo = PseudoFields()
        var headers = HTTPHeaders()
        headers.reserveCapacity(block.count)
        var fault: Refusal?
        var (requestLine, size) = (0, 0)
        var (hasFields, isMalformed) = (false, false)
        for (name, value, _) in block {
            if name.utf8.first == UInt8(ascii: ":") {
                requestLine += value.utf8.count
                if hasFields || !pseudo.take(name, value) { isMalformed = true }
            } else {
                hasFields = true
                size += name.utf8.count + value.utf8.count + Self.fieldMarks
                // An invalid name is not kept either: the library ends the process for one that isn't ASCII.
                if StreamHead.isMalformed(name, value) {
                    isMalformed = true
                } else {
                    headers.add(name: name, value: value)
                }
            }
        }
        if block.count > limits.fieldCount {
            fault = Refusal(.headersTooLarge, "The request has more than \(limits.fieldCount) fields.", hint: "Send fewer header fields.")
        }
        if requestLine > limits.headerBlock || size > limits.headerBlock { fault = WireFault.headTooLarge }
        let hosts = headers[canonicalForm: "host"].map(String.init)
        if let authority = pseudo.authority {
            // Both are allowed only if they are equal (section 8.3.1).
            if hosts.contains(where: { $0.lowercased() != authority.lowercased() }) { isMalformed = true }
            headers.replaceOrAdd(name: "host", value: authority)
        }
        if pseudo.isIncomplete { isMalformed = true }
        if isMalformed { fault = fault ?? StreamHead.malformed }
        head = HTTPRequestHead(
            version: .http2, method: HTTPMethod(rawValue: pseudo.method ?? ""), uri: pseudo.path ?? "", headers: headers)
        fields = InboundFields(headers)
        breaksProtocol = isMalformed
        if let fault {
            framing = .failure(fault)
        } else {
            let (head, fields) = (head, fields)
            framing = Result { () throws(Refusal) in try WireJudge.judgeStream(head, fields, isWhole: isWhole) }
        }
    }

    /// The bytes that a field has in HTTP/1.1 besides name and value, so that the same head has the same size: `: ` and
    /// CRLF.
    private static let fieldMarks = 4

    static let malformed = WireJudge.malformed(
        "The request's head breaks the rules of HTTP/2.", "Check the client's pseudo-header fields and header fields against RFC 9113."
    )

    /// Whether fields are allowed after a body (section 8.1): no pseudo-header field is among them. Their content is
    /// dropped.
    static func areTrailers(_ block: HPACKHeaders) -> Bool {
        !block.contains { isMalformed($0.name, $0.value) }
    }

    private static func isMalformed(_ name: String, _ value: String) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isTokenByte && !($0 &- 0x41 < 26) }) else { return true }
        // Section 8.2.1: no NUL, CR or LF anywhere, no blank at either end.
        if let first = value.utf8.first, let last = value.utf8.last, isBlank(first) || isBlank(last) { return true }
        switch name {
        case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade": return true
        case "te" where value.lowercased() != "trailers": return true
        default: return false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// The pseudo-header fields of a request.
private struct PseudoFields {
    var method: String?
    var scheme: String?
    var authority: String?
    var path: String?

    /// False for one that is unknown or repeated.
    mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case ":method" where method == nil: method = value
        case ":scheme" where scheme == nil: scheme = value
        case ":authority" where authority == nil: authority = value
        case ":path" where path == nil: path = value
        default: return false
        }
        return true
    }

    /// Whether one that every request needs is missing, or has an invalid value.
    var isIncomplete: Bool {
        guard let method, !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte), method != "CONNECT",
            let scheme, scheme == "http" || scheme == "https",
            let path, path.utf8.first == UInt8(ascii: "/")
        else { return true }
        return false
    }
}

extension WireJudge {
    /// Judges the head of a stream: the frames delimit the body, so a `Content-Length` can only be right or wrong.
    static func judgeStream(_ head: HTTPRequestHead, _ fields: InboundFields, isWhole: Bool) throws(Refusal) -> Framing {
        try judgeHost(fields, version: .http1_1)
        try judgeFields(head.headers)
        guard fields.contentLengthCount > 0 else { return isWhole ? .none : .chunked }
        guard case .length(let length) = try judgeFraming(fields, version: .http1_1) else { return .none }
        guard !isWhole || length == 0 else {
            throw malformed("Content-Length announces a body, and the request ends without one.", "Send the body, or no Content-Length.")
        }
        return isWhole ? .none : .length(length)
    }
}
