/// The caller's `X-Audit-Reason` in the form that is kept.
package enum AuditReason {
    /// Longest reason that is kept, bytes; the rest is cut off.
    package static let maximumBytes = 1_024
    /// How much of a reason is looked at, blanks and what is not kept included. A field may be sixty times as long, and anybody can send it.
    private static let bytesRead = 2 * maximumBytes

    /// The field holds bytes that are no UTF-8, written plainly or in escapes, so the intended text is unknown.
    package struct Unreadable: Error, Equatable {}

    /// The text of a field in the form that is kept; nil if nothing is left of it.
    ///
    /// Clients whose HTTP library takes ASCII alone (Java's, Node's) send UTF-8 percent-encoded, so escapes are decoded. A `%` that begins no escape
    /// is kept.
    /// - Parameter field: the field's value, where bytes that are no UTF-8 were read as U+FFFD.
    package static func reading(_ field: String) throws(Unreadable) -> String? {
        var text = field
        let bytes = Array(field.utf8)
        if bytes.contains(UInt8(ascii: "%")) {
            guard let decoded = String(validating: PercentCoding.plain(bytes), as: UTF8.self) else { throw Unreadable() }
            text = decoded
        }
        // EF BF BD in UTF-8.
        guard !Array(text.utf8).contains(0xEF) || !text.unicodeScalars.contains("\u{FFFD}") else { throw Unreadable() }
        return sane(text)
    }

    /// The text without control characters and blanks around it, cut between two characters; nil if no visible text is left.
    package static func sane(_ text: String) -> String? {
        var kept = ""
        var read = 0
        for character in text {
            read = read.addingReportingOverflow(character.utf8.count).partialValue
            guard read <= bytesRead else { break }
            let next = character.unicodeScalars.contains(where: isInvisible) ? " " : character
            if next.isWhitespace, kept.isEmpty { continue }
            guard kept.utf8.count + next.utf8.count <= maximumBytes else { break }
            kept.append(next)
        }
        while kept.last?.isWhitespace == true { kept.removeLast() }
        return kept.contains(where: isLetterOrDigit) ? kept : nil
    }

    /// Whether a character has a letter or a digit to be seen. A combining mark alone has none, although some are alphabetic for Unicode.
    private static func isLetterOrDigit(_ character: Character) -> Bool {
        guard let base = character.unicodeScalars.first, !isInvisible(base) else { return false }
        return switch base.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    /// Letters that are drawn as an empty space: the full and the half blank of Egyptian hieroglyphs.
    private static let blankLetters: ClosedRange<Unicode.Scalar> = "\u{13441}"..."\u{13442}"

    /// Control characters, format characters, and fillers: letters without a shape, such as U+3164.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        // Variation selectors choose the glyph of the character before them and are kept.
        case .nonspacingMark: false
        default: scalar.properties.isDefaultIgnorableCodePoint || blankLetters.contains(scalar)
        }
    }
}
