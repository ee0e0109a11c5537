/// Writes status lines and header fields (RFC 9112, sections 4 and 5).
enum ResponseHead {
    /// `HTTP/1.1 100 Continue`, for clients that wait before they send a body.
    static let `continue` = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// The head of an answer, including its framing fields.
    static func bytes(_ response: SandboxResponse, keepsAlive: Bool) -> [UInt8] {
        var text = "HTTP/1.1 \(response.status) \(ReasonPhrase.text(response.status))\r\n"
        for field in response.headers { text += "\(field.name): \(field.value)\r\n" }
        switch response.framing {
        // 204 must not have a length (RFC 9110, section 8.6).
        case .contentLength where response.status == 204: break
        case .contentLength: text += "Content-Length: \(response.body.byteCount)\r\n"
        case .chunked: text += "Transfer-Encoding: chunked\r\n"
        }
        if !keepsAlive { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
