import Policy

extension CanonicalRequest {
    /// Room for everything but the variable parts: the header names twice, the mark of an unsigned body, date, line breaks; 218 bytes.
    private static let fixedBytes = 256

    /// Makes the canonical request that the gateway signs.
    ///
    /// Its headers are always the same few, so their alphabetical order is the order of the lines below and nothing is sorted.
    init(_ request: borrowing CredentialRequest, fields: borrowing CanonicalFields, key: SigningKey, date: SigningDate) {
        var names = 0..<0
        let capacity =
            Self.fixedBytes + request.method.utf8.count + request.target.bytes.count + fields.byteCount + fields.payload.text.utf8.count
            + (key.securityToken?.count ?? 0)
        let bytes = CanonicalText.bytes(capacity: capacity) { text in
            Self.appendTarget(request, to: &text)
            fields.appendLines(to: &text, key: key, date: date)
            let start = text.count
            fields.appendNames(to: &text, key: key)
            names = start..<text.count
            text.appendLine(fields.payload.text.utf8)
        }
        self.init(bytes: bytes, signedHeaders: names)
    }

    private static func appendTarget(_ request: borrowing CredentialRequest, to text: inout CanonicalText) {
        let (path, query) = (request.target.pathRange, request.target.queryRange)
        text.append(request.method.utf8)
        text.append("\n")
        text.append(request.target.bytes.span.extracting(path))
        // The signed path ends in `/`, but the path that is sent ends in `/` only if it is `/` (protocol page a.2, item 6).
        text.append(path.count == 1 ? "\n" : "/\n")
        text.append(request.target.bytes.span.extracting(query))
    }
}
