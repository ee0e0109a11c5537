/// Text of strangers where somebody or something reads it raw: on a terminal, in a file that is opened in an editor.
package enum PrintableText {
    /// Whether a character does something else than being seen: C1 controls (ECMA-48) and DEL, what turns the direction of writing (Unicode
    /// Standard Annex 9), what ends a line without being a line break, and what leaves no mark (Default_Ignorable_Code_Point of Unicode's
    /// database): signs without width, fillers, tags, selectors of variants, in which whole sentences can be hidden.
    package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x7F: false
        case 0x7F..<0xA0, 0x2028...0x202E, 0xFFF9...0xFFFB: true
        // Whether the sign before it is drawn as a text or as a picture.
        case 0xFE0E, 0xFE0F: false
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// The text on one line: without control characters, line breaks, and what is hidden.
    package static func line(_ text: String) -> String {
        replacing(text) { $0.value < 0x20 || isHidden($0) }
    }

    /// The text with its line breaks and tabs, and nothing else that a terminal or an editor would obey.
    package static func lines(_ text: String) -> String {
        replacing(text) { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" || isHidden($0) }
    }

    private static func replacing(_ text: String, where isBad: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isBad) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isBad($0) ? "\u{FFFD}" : $0 }))
    }
}
