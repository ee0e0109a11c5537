import NIOCore
import Transport

/// Writes HTTP/1.1 responses as bytes (RFC 9112). Pure: it appends to a buffer and knows nothing of channels.
///
/// Own code instead of the library's encoder because that one takes its fields as an allocated list per response and writes
/// head, body and end separately; here all three go into one buffer and so into one system call.
struct HTTP1ResponseEncoder {
    private var isChunked = false

    /// - Parameters:
    ///   - isHTTP10: the request's version; such a caller can't read chunks.
    ///   - closes: the connection ends with this response.
    mutating func encode(_ head: DownstreamHead, isHTTP10: Bool, closes: Bool, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeDecimal(head.status)
        buffer.writeStaticString(" ")
        buffer.writeString(ReasonPhrase.of(head.status))
        buffer.writeStaticString("\r\n")
        if let upstream = head.upstream {
            let fields = ResponseFields(upstream)
            for position in upstream.indices {
                upstream.withBytes(at: position) { name, value in
                    guard fields.passes(name) else { return }
                    buffer.writeBytes(name)
                    buffer.writeStaticString(": ")
                    buffer.writeBytes(value)
                    buffer.writeStaticString("\r\n")
                }
            }
        }
        for field in head.fields {
            buffer.writeString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        isChunked = false
        switch head.framing {
        case .none(nil):
            break
        case .length(let length), .none(let length?):
            buffer.writeStaticString("Content-Length: ")
            buffer.writeDecimal(length)
            buffer.writeStaticString("\r\n")
        case .unknown:
            if !isHTTP10 {
                isChunked = true
                buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
            }
        }
        if closes {
            buffer.writeStaticString("Connection: close\r\n")
        } else if isHTTP10 {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("\r\n")
    }

    func encode(body bytes: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        guard isChunked else {
            buffer.writeBytes(bytes)
            return
        }
        guard !bytes.isEmpty else { return }
        buffer.writeString(String(bytes.count, radix: 16))
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(bytes)
        buffer.writeStaticString("\r\n")
    }

    func encodeEnd(into buffer: inout ByteBuffer) {
        if isChunked { buffer.writeStaticString("0\r\n\r\n") }
    }
}

extension ByteBuffer {
    mutating func writeDecimal(_ value: Int) {
        var value = value
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { scratch in
            var position = 20
            repeat {
                position -= 1
                scratch[position] = UInt8(ascii: "0") + UInt8(value % 10)
                value /= 10
            } while value > 0
            _ = writeBytes(UnsafeRawBufferPointer(rebasing: scratch[position..<20]))
        }
    }
}

/// The words behind a status code; clients ignore them, people read them (RFC 9110 section 15).
enum ReasonPhrase {
    static func of(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 508: "Loop Detected"
        default: "Status"
        }
    }
}
