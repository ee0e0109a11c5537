import Policy

extension CanonicalRequest {
    /// Room for everything but the variable parts: names of headers twice, hash, date, line breaks.
    private static let fixedBytes = 320

    /// Makes the one that the gateway signs.
    ///
    /// Its headers are always the same few, so their alphabetical order is the order of the lines below and nothing is sorted.
    init(_ request: CredentialRequest, fields: CanonicalFields, key: SigningKey, date: SigningDate) {
        let capacity = Self.fixedBytes + request.target.bytes.count + fields.byteCount + (key.securityToken?.count ?? 0)
        var text = CanonicalText(capacity: capacity)
        Self.appendTarget(request, to: &text)
        fields.appendLines(to: &text, key: key, date: date)
        let start = text.bytes.count
        fields.appendNames(to: &text, key: key)
        let names = start..<text.bytes.count
        text.appendLine(fields.payload.text.utf8)
        self.init(text: text, signedHeaders: names)
    }

    private static func appendTarget(_ request: CredentialRequest, to text: inout CanonicalText) {
        let target = request.target
        text.append(request.method.utf8)
        text.append("\n")
        text.append(target.bytes[target.pathRange])
        // The signed path ends in `/`, which the path on the wire only does when it is nothing else (protocol page a.2, item 6).
        text.append(target.pathRange.count == 1 ? "\n" : "/\n")
        text.append(target.bytes[target.queryRange])
    }
}
