import NIOHTTP1
import Transport

/// The head of a request on a stream (RFC 9113 section 8.3), in the form that all later steps use.
///
/// The library decodes the block; malformed fields are refused here, in one pass (`StreamFields`). That is what breaks the protocol (section 8.2:
/// names that are no tokens in lower case, connection-specific fields, pseudo-header fields that are unknown, repeated or come after regular ones)
/// and what could be read in two ways by a next hop of HTTP/1.1: values with control characters, an authority or a path that isn't one.
struct StreamHead {
    let head: HTTPRequestHead
    let fields: InboundFields
    let framing: Result<WireJudge.Framing, Refusal>
    /// Whether it is malformed according to the protocol (section 8.1.1), which no client's library sends.
    let breaksProtocol: Bool

    /// - Parameter isWhole: whether no body follows.
    init(_ block: StreamFields, isWhole: Bool, limits: WireLimits) {
        let pseudo = block.pseudo
        var headers = block.headers
        var fault: Refusal?
        var isMalformed = block.isMalformed
        if block.count > limits.fieldCount {
            fault = Refusal(.headersTooLarge, "The request has more than \(limits.fieldCount) fields.", hint: "Send fewer header fields.")
        }
        if block.requestLine > limits.headerBlock || block.size > limits.headerBlock { fault = WireFault.headTooLarge }
        if let authority = pseudo.authority {
            // Both are allowed only if they are equal (section 8.3.1).
            let hosts = headers[canonicalForm: "host"].map(String.init)
            if hosts.contains(where: { $0.lowercased() != authority.lowercased() }) { isMalformed = true }
            headers.replaceOrAdd(name: "host", value: authority)
        }
        if block.areDropped { fault = fault ?? Refusal.tooManyBodies } else if pseudo.isIncomplete { isMalformed = true }
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

    static let malformed = WireJudge.malformed(
        "The request's head breaks the rules of HTTP/2.", "Check the client's pseudo-header fields and header fields against RFC 9113."
    )

    /// The frames of a body have another length than its head has announced (section 8.1.1).
    static let wrongLength = WireJudge.malformed(
        "The body is not as long as Content-Length says.", "Send a body of the announced length, or no Content-Length."
    )
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
