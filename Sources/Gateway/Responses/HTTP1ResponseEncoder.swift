package import NIOCore
import Transport

/// Writes HTTP/1.1 responses as bytes (RFC 9112). Pure: it appends to a buffer and knows nothing of channels.
///
/// Own code instead of the library's encoder because that one takes its fields as an allocated list per response and writes
/// head, body and end separately; here all three go into one buffer and so into one system call.
package struct HTTP1ResponseEncoder {
    /// Whether the body is chunked, so that its end has bytes of its own.
    private(set) var isChunked = false

    package init() {}

    /// - Parameters:
    ///   - isHTTP10: the request's version; such a caller can't read chunks.
    ///   - closes: the connection ends with this response.
    package mutating func encode(_ head: DownstreamHead, isHTTP10: Bool, closes: Bool, into buffer: inout ByteBuffer) {
        isChunked = head.framing == .unknown && !isHTTP10
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bound(of: head)) { memory in
            var writer = HeadWriter(memory)
            writer.put("HTTP/1.1 ")
            writer.put(number: head.status)
            writer.put(" ")
            writer.put(ReasonPhrase.of(head.status))
            writer.put("\r\n")
            if let relayed = head.relayed { put(relayed, to: &writer) }
            for field in head.fields {
                writer.put(text: field.name)
                writer.put(": ")
                writer.put(text: field.value)
                writer.put("\r\n")
            }
            putFraming(head.framing, to: &writer)
            if closes {
                writer.put("Connection: close\r\n")
            } else if isHTTP10 {
                writer.put("Connection: keep-alive\r\n")
            }
            writer.put("\r\n")
            return writer.count
        }
    }

    /// Upper bound for everything but the fields' names and values: the status line, the names of the gateway's own fields, framing, `Connection`,
    /// the empty line.
    private static let fixedBound = 256
    /// Bytes of a field besides name and value: colon, space, line end.
    private static let fieldBound = 4

    private func bound(of head: DownstreamHead) -> Int {
        var bound = Self.fixedBound
        if let relayed = head.relayed {
            bound += relayed.upstream.byteCount + relayed.requestID.utf8.count + relayed.auditID.utf8.count
        }
        for field in head.fields { bound += field.name.utf8.count + field.value.utf8.count + Self.fieldBound }
        return bound
    }

    private func put(_ relayed: RelayedFields, to writer: inout HeadWriter) {
        let fields = ResponseFields(relayed.upstream)
        relayed.upstream.forEachLine { name, line in
            if fields.passes(name) { writer.put(line) }
        }
        writer.put("X-Request-Id: ")
        writer.put(text: relayed.requestID)
        writer.put("\r\nAudit-Id: ")
        writer.put(text: relayed.auditID)
        writer.put("\r\nX-HSSGW-Source: ")
        writer.put(RelayedFields.source)
        writer.put("\r\n")
    }

    private func putFraming(_ framing: ResponseFraming, to writer: inout HeadWriter) {
        switch framing {
        case .none(nil):
            break
        case .length(let length), .none(let length?):
            writer.put("Content-Length: ")
            writer.put(number: length)
            writer.put("\r\n")
        case .unknown:
            if isChunked { writer.put("Transfer-Encoding: chunked\r\n") }
        }
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

/// The text after a status code; clients ignore it, people read it (RFC 9110 section 15).
enum ReasonPhrase {
    static func of(_ status: Int) -> StaticString {
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
        case 410: "Gone"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 421: "Misdirected Request"
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
