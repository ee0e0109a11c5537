/// What is wrong with a response.
package enum ProtocolFault: Sendable, Equatable {
    /// Not a status line of HTTP/1.0, 1.1 or 2, or a status outside 100 to 599.
    case statusLine
    /// 101 without a request for it (RFC 9110 section 15.2.2).
    case switchingProtocols
    /// A field line with no colon, a bad name, a control character, or folded.
    case fieldLine
    /// Content-Length is no number, occurs twice, or occurs together with Transfer-Encoding; or a transfer coding other than chunked.
    case framing
    /// libcurl found the fault: chunk syntax, HTTP/0.9, an HTTP/2 error.
    case syntax
}
