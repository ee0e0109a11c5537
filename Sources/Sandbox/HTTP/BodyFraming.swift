/// How a body is delimited on the wire.
package enum BodyFraming: String, Sendable {
    /// A `Content-Length` field.
    case contentLength = "content_length"
    /// `Transfer-Encoding: chunked`.
    case chunked
}
