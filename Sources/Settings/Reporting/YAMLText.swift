/// Writes strings as YAML scalars.
enum YAMLText {
    /// Words that some YAML parsers read as a boolean or null.
    static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

    /// Unquoted if no parser could read it as another type, otherwise in double quotes.
    static func quote(_ text: String) -> String {
        guard let first = text.utf8.first, first.isASCIILetter || first == UInt8(ascii: "/"), !reserved.contains(text.lowercased()),
            text.utf8.allSatisfy({ NameGrammar.isNameByte($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }), !text.hasSuffix(":")
        else {
            return escaped(text)
        }
        return text
    }

    /// A flow sequence of values that are already in YAML form.
    static func list(_ values: [String]) -> String {
        "[\(values.joined(separator: ", "))]"
    }

    /// In double quotes; the escapes are those that JSON and YAML share (YAML 1.2 section 5.7).
    static func escaped(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\u{0}"..<" ", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
