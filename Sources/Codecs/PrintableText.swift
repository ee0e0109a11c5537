/// Makes untrusted text safe for raw display: on a terminal, or in a file that is opened in an editor.
package enum PrintableText {
    /// Whether a character is not simply displayed: C1 controls (ECMA-48) and DEL, characters that change the direction of writing (Unicode Standard
    /// Annex 9), line separators, and invisible characters (Default_Ignorable_Code_Point of Unicode's database): characters without width, fillers,
    /// tags, variation selectors, in which whole sentences can be hidden.
    package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x7F: false
        case 0x7F..<0xA0, 0x2028...0x202E, 0xFFF9...0xFFFB: true
        // These choose whether the character before them is drawn as text or as an emoji.
        case 0xFE0E, 0xFE0F: false
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// The text on one line: without control characters, line breaks, and hidden characters.
    package static func line(_ text: String) -> String {
        replacing(text) { $0.value < 0x20 || isHidden($0) }
    }

    /// The text with its line breaks and tabs, but without other characters that a terminal or an editor would interpret.
    package static func lines(_ text: String) -> String {
        replacing(text) { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" || isHidden($0) }
    }

    private static func replacing(_ text: String, where isBad: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isBad) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isBad($0) ? "\u{FFFD}" : $0 }))
    }
}
