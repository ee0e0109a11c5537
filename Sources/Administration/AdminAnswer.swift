import Codecs
import Inquiry
import NIOHTTP1

/// Answers of the admin port that are used in several places.
enum AdminAnswer {
    static func data(_ bytes: [UInt8], type: String, fields: HTTPHeaders = [:]) -> Response {
        var headers: HTTPHeaders = ["Content-Type": type, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"]
        headers.add(contentsOf: fields)
        return Response(.ok, headers: headers, body: bytes)
    }

    /// A fault with a sentence, as JSON.
    static func fault(_ status: HTTPResponseStatus, _ sentence: String, retryAfter seconds: Int? = nil) -> Response {
        var json = JSONWriter()
        json.open()
        json.member("error", sentence)
        json.close()
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"]
        if let seconds { headers.add(name: "Retry-After", value: String(seconds)) }
        return Response(status, headers: headers, body: json.bytes + [UInt8(ascii: "\n")])
    }
}
