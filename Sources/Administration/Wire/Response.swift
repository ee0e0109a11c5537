import NIOCore
import NIOHTTP1

/// An answer of the admin port. The connection adds `Date`, `Content-Length` and `Connection`.
struct Response: Sendable {
    var status: HTTPResponseStatus
    var headers: HTTPHeaders = [:]
    var body = ByteBuffer()

    init(_ status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        (self.status, self.headers) = (status, headers)
        if !body.isEmpty { self.body = ByteBuffer(bytes: body) }
    }

    init(_ status: HTTPResponseStatus, headers: HTTPHeaders, text: String) {
        (self.status, self.headers, self.body) = (status, headers, ByteBuffer(string: text))
    }
}
