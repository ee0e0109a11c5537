/// How the body of an answer is delimited towards the caller.
package enum ResponseFraming: Equatable, Sendable {
    /// No body follows the head: 204, 304, or an answer to HEAD, with the `Content-Length` that the upstream declared, if any.
    case none(declared: Int?)
    case length(Int)
    /// Length unknown beforehand: chunked for HTTP/1.1, closing the connection for HTTP/1.0.
    case unknown
}
