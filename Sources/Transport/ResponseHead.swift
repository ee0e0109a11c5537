/// The final head of an upstream's response. Interim responses (1xx) are not reported.
///
/// A class, because it is passed through ten functions: as a struct, each of them retained and released its two arrays.
package final class ResponseHead: Sendable {
    /// The HTTP version of the answer.
    package enum Version: Sendable, Equatable {
        case http10
        case http11
        case http2
    }

    /// How the end of the body is determined (RFC 9112 section 6.3).
    package enum Framing: Sendable, Equatable {
        /// There is no body: the answer to a HEAD, a 204 or a 304.
        case none
        /// The body has exactly this many bytes.
        case contentLength(Int)
        /// The body is chunked; its end is marked.
        case chunked
        /// The body ends with its HTTP/2 stream; its end is marked.
        case stream
        /// The body ends when the connection does, so a broken connection cannot be distinguished from the end.
        case closeDelimited
    }

    /// 200 to 599.
    package let status: Int
    /// The fields in order as received.
    package let fields: HeaderBlock
    /// The HTTP version of the answer.
    package let version: Version
    /// How the end of the body is determined.
    package let framing: Framing
    /// What Content-Length declares, also where there is no body (HEAD, 304).
    package let contentLength: Int?

    init(status: Int, fields: HeaderBlock, version: Version, framing: Framing, contentLength: Int?) {
        self.status = status
        self.fields = fields
        self.version = version
        self.framing = framing
        self.contentLength = contentLength
    }
}
