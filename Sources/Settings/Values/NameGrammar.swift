/// The allowed names of listeners, credentials, projects, callers and rules; the names go into paths, labels and records.
enum NameGrammar {
    static let longest = 64
    static let sentence = "letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most \(longest)"

    static func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isASCIILetter || first.isASCIIDigit, text.utf8.count <= longest else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
    }

    /// The form of a name inside an environment variable: `prod-keys` becomes `PROD_KEYS`.
    static func variableForm(_ name: String) -> String {
        String(decoding: name.utf8.map { $0.isASCIILetter ? $0 & 0xdf : $0.isASCIIDigit ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
