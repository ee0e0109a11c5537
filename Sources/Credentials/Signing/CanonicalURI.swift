/// The path of a request as it is signed (protocol page a.2), for requests of the gateway itself.
///
/// Requests of callers use `RequestTarget` instead, which refuses more than this.
enum CanonicalURI {
    /// Decodes the whole path once, splits it at slashes, encodes each segment, and makes sure that it ends in a slash. A `%` that begins
    /// no escape is data. Since decoding comes first, `%2F` becomes a separator.
    static func make(path: String) throws(CanonicalRequestError) -> String {
        guard path.utf8.first == UInt8(ascii: "/") else { throw .path }
        let decoded = decode(path)
        guard String(validating: decoded, as: UTF8.self) != nil else { throw .path }
        let segments = decoded.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // HTTP libraries, libcurl among them, remove dot segments: what is signed would not be what is sent.
        guard !segments.contains(where: { $0.count <= 2 && !$0.isEmpty && $0.allSatisfy { $0 == UInt8(ascii: ".") } }) else { throw .path }
        var text: [UInt8] = []
        for segment in segments.dropFirst() {
            text.append(UInt8(ascii: "/"))
            URLEncoding.append(segment, to: &text)
        }
        if text.last != UInt8(ascii: "/") { text.append(UInt8(ascii: "/")) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decode(_ path: String) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let escaped = escapedByte(rest.prefix(2)) {
                decoded.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static func escapedByte(_ digits: Substring.UTF8View) -> UInt8? {
        guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")) else { return nil }
        return UInt8(Substring(digits), radix: 16)
    }
}
