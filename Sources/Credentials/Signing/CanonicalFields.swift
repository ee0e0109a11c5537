/// The header fields that the gateway signs, checked and trimmed.
///
/// It can't be copied, only borrowed: copies retained and released its strings at each step of a signature.
struct CanonicalFields: ~Copyable {
    private let host: String
    private let contentType: String?
    private let region: String?
    private let projectID: String?
    /// Whether `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD` is among them.
    let declaresUnsigned: Bool
    let payload: PayloadHash

    init(_ request: borrowing CredentialRequest) throws(CanonicalRequestError) {
        let contentType = try request.contentType.map { value throws(CanonicalRequestError) in try Self.line(value, of: "content-type") }
        let region = try request.region.map { value throws(CanonicalRequestError) in try Self.line(value, of: "region") }
        host = request.host
        self.contentType = contentType
        self.region = region
        projectID = request.projectID
        declaresUnsigned = contentType.map { !PayloadHash.isSigned(contentType: $0) } ?? false
        // An empty body keeps its own hash although it is declared unsigned, like in the official Python signer, which verifiers compare with
        // (protocol page a.5, item 2).
        payload = declaresUnsigned && request.payload != .empty ? .unsigned : request.payload
    }

    /// Total length of the values in bytes.
    var byteCount: Int {
        host.utf8.count + (contentType?.utf8.count ?? 0) + (region?.utf8.count ?? 0) + (projectID?.utf8.count ?? 0)
    }

    /// Appends one line per field, in alphabetical order, and the empty line that ends them.
    func appendLines(to text: inout CanonicalText, key: SigningKey, date: SigningDate) {
        if let contentType {
            text.append("\ncontent-type:")
            text.append(contentType.utf8)
        }
        text.append("\nhost:")
        text.append(host.utf8)
        if let region {
            text.append("\nregion:")
            text.append(region.utf8)
        }
        if let projectID {
            text.append("\nx-project-id:")
            text.append(projectID.utf8)
        }
        if declaresUnsigned { text.append("\nx-sdk-content-sha256:UNSIGNED-PAYLOAD") }
        text.append("\nx-sdk-date:")
        text.append(date)
        if let token = key.securityToken {
            text.append("\nx-security-token:")
            token.withBytes { text.append(UnsafeRawBufferPointer($0)) }
        }
        text.append("\n\n")
    }

    /// Appends the names, in the same order.
    func appendNames(to text: inout CanonicalText, key: SigningKey) {
        if contentType != nil { text.append("content-type;") }
        text.append("host;")
        if region != nil { text.append("region;") }
        if projectID != nil { text.append("x-project-id;") }
        if declaresUnsigned { text.append("x-sdk-content-sha256;") }
        text.append("x-sdk-date")
        if key.securityToken != nil { text.append(";x-security-token") }
    }

    private static func line(_ value: String, of name: String) throws(CanonicalRequestError) -> String {
        let trimmed = HeaderText.trimmed(value)
        guard HeaderText.isOneLine(trimmed) else { throw .controlCharacter(name: name) }
        return trimmed
    }
}
