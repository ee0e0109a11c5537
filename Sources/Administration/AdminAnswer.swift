import Codecs
import HTTPTypes
import Hummingbird
import Inquiry
import NIOCore

/// Answers of the admin port that are made in more than one place.
enum AdminAnswer {
    static func data(_ bytes: [UInt8], type: String, fields: HTTPFields = [:]) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        for field in fields { headers.append(field) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A fault in words, as JSON.
    static func fault(_ status: HTTPResponse.Status, _ sentence: String, retryAfter seconds: Int? = nil) -> Response {
        var json = JSONWriter()
        json.open()
        json.member("error", sentence)
        json.close()
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        if let seconds { headers[.retryAfter] = String(seconds) }
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: json.bytes + [UInt8(ascii: "\n")])))
    }
}
