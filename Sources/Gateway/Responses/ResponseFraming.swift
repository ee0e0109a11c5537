import Transport

/// How the body of an answer is delimited towards the caller.
package enum ResponseFraming: Equatable, Sendable {
    /// No body follows the head: 204, 304, or an answer to HEAD, with the `Content-Length` that the upstream declared, if any.
    case none(declared: Int?)
    case length(Int)
    /// Length unknown beforehand: chunked for HTTP/1.1, closing the connection for HTTP/1.0.
    case unknown
}

extension ResponseFraming {
    init(_ head: ResponseHead) {
        switch head.framing {
        // RFC 9110 section 8.6: a 204 has no Content-Length; answers to HEAD and 304 may have the length that a GET would get.
        case .none: self = .none(declared: head.status == 204 ? nil : head.contentLength)
        case .contentLength(let length): self = .length(length)
        case .chunked, .stream, .closeDelimited: self = head.contentLength.map(ResponseFraming.length) ?? .unknown
        }
    }
}
