/// How a body is delimited on the wire.
package enum BodyFraming: String, Sendable {
    /// A `Content-Length` field.
    case contentLength = "content_length"
    /// `Transfer-Encoding: chunked`.
    case chunked
}

/// What a response carries.
enum ResponseBody: Sendable, Equatable {
    /// Bytes at hand.
    case bytes([UInt8])
    /// That many bytes of `BodyPattern`, made while they are sent.
    case pattern(byteCount: Int)

    /// The length in bytes.
    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .pattern(let byteCount): byteCount
        }
    }
}

/// An answer, before faults and framing are applied.
struct SandboxResponse: Sendable {
    var status: Int
    var headers: [HeaderField]
    var body: ResponseBody
    var framing: BodyFraming = .contentLength

    /// An answer with a JSON document.
    static func json(_ status: Int, _ document: JSONValue, headers: [HeaderField] = []) -> SandboxResponse {
        SandboxResponse(
            status: status, headers: [HeaderField("Content-Type", "application/json")] + headers, body: .bytes(document.serialized))
    }

    /// An answer without a body.
    static func empty(_ status: Int, headers: [HeaderField] = []) -> SandboxResponse {
        SandboxResponse(status: status, headers: headers, body: .bytes([]))
    }
}
