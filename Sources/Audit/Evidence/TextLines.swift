/// The lines of a file that somebody kept: an editor, a mail program or a version control may have changed how they end.
enum TextLines {
    private static let mark: Unicode.Scalar = "\u{FEFF}"

    /// The text without a byte order mark, and with a line feed alone at each line's end.
    static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var hasReturn = false
        for scalar in text.unicodeScalars.drop(while: { $0 == mark }) {
            if hasReturn, scalar != "\n" { scalars.append("\r") }
            hasReturn = scalar == "\r"
            if !hasReturn { scalars.append(scalar) }
        }
        if hasReturn { scalars.append("\r") }
        return String(scalars)
    }
}
