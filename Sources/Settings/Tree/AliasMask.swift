/// Hides YAML's alias sign from the parser, so that this module resolves aliases within bounds.
///
/// 1. The parser never expands an alias: nested aliases ("billion laughs") cost it nothing.
/// 2. Columns don't change, because one scalar is replaced by one scalar.
/// 3. An unquoted `*`, the most likely mistake in `callers: [*]`, gets an understandable message instead of a scanner's error.
enum AliasMask {
    /// A private-use character that stands for `*` while parsing; a file that contains it is refused.
    static let sign: Unicode.Scalar = "\u{F8FF}"

    /// Replaces each `*` that could begin an alias: at the start of a line or after a space, a bracket, a comma or an indicator.
    static func mask(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar = "\n"
        for scalar in text.unicodeScalars {
            scalars.append(scalar == "*" && " \t\r\n[{,:-?".unicodeScalars.contains(previous) ? sign : scalar)
            previous = scalar
        }
        return String(scalars)
    }

    /// The text as it was written.
    static func unmask(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.map { $0 == sign ? "*" : $0 })
        return String(scalars)
    }
}
