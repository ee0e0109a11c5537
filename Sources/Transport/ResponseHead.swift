/// The final head of an upstream's response. Interim responses (1xx) never get this far.
///
/// A class, because it passes through ten hands: as a value each of them counted the two arrays of its fields up and down.
package final class ResponseHead: Sendable {
    /// The protocol the upstream answered in.
    package enum Version: Sendable, Equatable {
        case http10
        case http11
        case http2
    }

    /// How the end of the body is known (RFC 9112 section 6.3).
    package enum Framing: Sendable, Equatable {
        /// There is no body: the answer to a HEAD, a 204 or a 304.
        case none
        /// The body has exactly this many bytes.
        case contentLength(Int)
        /// The body is chunked; its end is marked.
        case chunked
        /// The body ends with its HTTP/2 stream; its end is marked.
        case stream
        /// The body ends when the connection does, so a cut cannot be told from the end.
        case closeDelimited
    }

    /// 200 to 599.
    package let status: Int
    /// The fields in order as received.
    package let fields: HeaderBlock
    /// The protocol the upstream answered in.
    package let version: Version
    /// How the end of the body is known.
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
