/// The `Content-Type` of a request (RFC 9110 section 8.3.1).
package struct MediaType: Sendable {
    /// In lower case, such as `application/json`.
    package let name: String
    private let parameters: [FieldParameters.Parameter]

    /// Charsets in which every ASCII byte is itself, so that what was found in the bytes is what a server finds.
    private static let plainCharsets: Set<String> = ["utf-8", "utf8", "us-ascii", "iso-8859-1"]

    /// Nil if the field can be read in several ways. A semicolon at its end is ignored.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while let last = bytes.last, last == UInt8(ascii: ";") || FieldParameters.isBlank(last) { bytes = bytes.dropLast() }
        guard let parts = FieldParameters.reading(bytes), let first = parts.first, first.value == nil else { return nil }
        name = first.name
        parameters = Array(parts.dropFirst())
    }

    /// Whether the body's bytes mean what they mean in UTF-8. In UTF-7, UTF-16 or EBCDIC the same bytes are other letters, and could name a tenant.
    package var isReadAsUTF8: Bool {
        let charsets = parameters.filter { $0.name.utf8.starts(with: "charset".utf8) }
        guard let first = charsets.first else { return true }
        guard charsets.count == 1, first.name == "charset", let value = first.value else { return false }
        return Self.plainCharsets.contains(String(decoding: value, as: UTF8.self).lowercased())
    }

    /// The one boundary of form data (RFC 2046 section 5.1.1).
    var boundary: [UInt8]? {
        let boundaries = parameters.filter { $0.name.utf8.starts(with: "boundary".utf8) }
        guard boundaries.count == 1, boundaries[0].name == "boundary", let text = boundaries[0].value, (1...70).contains(text.count),
            text.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return Array(text)
    }
}
