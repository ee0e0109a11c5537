import NIOHTTP1

/// Judges the head of a request, of either protocol, so that nothing is ever forwarded that two parsers could frame differently
/// (RFC 9112 sections 3.2, 6.1, 6.3 and 11.2; RFC 9110 sections 5.5 and 7.2).
///
/// Invariant: after `judge` the length of the body is known from exactly one source.
package enum WireJudge {
    /// How the body of a request is delimited.
    package enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    static func judge(_ head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) -> Framing {
        try judgeVersion(head.version)
        try judgeHost(fields, version: head.version)
        return try judgeFraming(fields, version: head.version)
    }

    private static func judgeVersion(_ version: HTTPVersion) throws(Refusal) {
        guard version.major == 1, version.minor <= 1 else {
            throw malformed("The HTTP version \(version.major).\(version.minor) is not spoken on this port.", "Use HTTP/1.1.")
        }
    }

    static func judgeHost(_ fields: InboundFields, version: HTTPVersion) throws(Refusal) {
        if fields.hostCount == 0 && version == .http1_0 { return }
        guard fields.hostCount == 1, let host = fields.host else {
            throw malformed("A request carries exactly one Host field; this one has \(fields.hostCount).", "Send one Host field.")
        }
        guard Authority.isWellFormed(host) else {
            throw malformed("The Host field is not a host with an optional port.", "Send Host: name or Host: name:port.")
        }
    }

    /// For HTTP/2 alone: the parser of HTTP/1.1 heads already refuses such bytes.
    static func judgeFields(_ headers: HTTPHeaders) throws(Refusal) {
        for (_, value) in headers {
            for byte in value.utf8 where byte < 0x20 && byte != 0x09 || byte == 0x7F {
                throw malformed("A header value contains a control character.", "Remove control characters from header values.")
            }
        }
    }

    static func judgeFraming(_ fields: InboundFields, version: HTTPVersion) throws(Refusal) -> Framing {
        if fields.transferEncodingCount > 0 {
            guard fields.transferEncodingCount == 1, fields.transferEncoding?.isField("chunked") == true else {
                throw malformed("The only transfer coding understood is chunked, once.", "Send Transfer-Encoding: chunked or Content-Length.")
            }
            guard fields.contentLengthCount == 0 else {
                throw malformed("Content-Length and Transfer-Encoding stand together.", "Send one of them.")
            }
            guard version == .http1_1 else {
                throw malformed("HTTP/1.0 has no Transfer-Encoding.", "Use HTTP/1.1 or Content-Length.")
            }
            return .chunked
        }
        guard fields.contentLengthCount > 0 else { return .none }
        guard fields.contentLengthCount == 1, let text = fields.contentLength, let length = decimal(text) else {
            throw malformed("Content-Length is not one decimal number.", "Send one Content-Length with digits only.")
        }
        return .length(length)
    }

    /// `1*DIGIT` without overflow (RFC 9110 section 8.6).
    private static func decimal(_ text: String) -> Int? {
        guard !text.isEmpty else { return nil }
        var value = 0
        for byte in text.utf8 {
            guard byte &- 0x30 < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte &- 0x30))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    static func malformed(_ message: String, _ hint: String) -> Refusal {
        Refusal(.badRequest, message, hint: hint)
    }
}
