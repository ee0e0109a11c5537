/// The text that is signed (protocol page a.1): method, URI, query, one line per header, an empty line, the names of these headers, the hash of the
/// body.
package struct CanonicalRequest: Sendable {
    /// The text.
    package let bytes: [UInt8]

    /// The range of `name1;name2` in the text.
    let signedHeaders: Range<Int>

    /// Makes one for a request of the gateway itself, with any path, query and headers. `X-Sdk-Date` and `Host` must be among the headers.
    package init(_ request: UnsignedRequest) throws(CanonicalRequestError) {
        let lines = try Self.sortedLines(request.headers)
        let head = [request.method.uppercased(), try CanonicalURI.make(path: request.path), CanonicalQuery.make(request.query)]
        let listed = lines.map { "\($0.name):\($0.value)" }
        let names = lines.map(\.name).joined(separator: ";")
        let text = (head + listed + ["", names, request.payload.text]).joined(separator: "\n")
        bytes = Array(text.utf8)
        let end = bytes.count - request.payload.text.utf8.count - 1
        signedHeaders = end - names.utf8.count..<end
    }

    init(bytes: [UInt8], signedHeaders: Range<Int>) {
        self.bytes = bytes
        self.signedHeaders = signedHeaders
    }

    /// Lower-cases, trims and sorts. Names with `_` are left out, as the official signer does: many servers drop such headers.
    private static func sortedLines(_ headers: [SignedHeader]) throws(CanonicalRequestError) -> [SignedHeader] {
        var lines: [SignedHeader] = []
        for header in headers where !header.name.utf8.contains(UInt8(ascii: "_")) {
            let value = HeaderText.trimmed(header.value)
            guard HeaderText.isOneLine(value) else { throw .controlCharacter(name: header.name) }
            lines.append(SignedHeader(header.name.lowercased(), value))
        }
        lines.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (first, second) in zip(lines, lines.dropFirst()) where first.name == second.name {
            throw .repeatedHeader(name: first.name)
        }
        return lines
    }
}
