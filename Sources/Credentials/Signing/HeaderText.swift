/// The form in which a header's value is signed (protocol page a.4).
enum HeaderText {
    /// The value without white space around it, Unicode's included, as the official signer strips it.
    static func trimmed(_ value: String) -> String {
        guard let first = value.utf8.first, let last = value.utf8.last else { return value }
        // Visible ASCII at both ends is by far the most frequent case, and needs no lookup in Unicode's tables.
        if isVisible(first) && isVisible(last) { return value }
        let scalars = value.unicodeScalars
        guard let start = scalars.firstIndex(where: { !isSpace($0) }), let end = scalars.lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(value[start..<scalars.index(after: end)])
    }

    /// Whether a value fits on one line of a canonical request.
    static func isOneLine(_ value: String) -> Bool {
        let bytes = value.utf8.span
        for index in bytes.indices where bytes[index] < 0x20 && bytes[index] != 0x09 || bytes[index] == 0x7F {
            return false
        }
        return true
    }

    private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
}
