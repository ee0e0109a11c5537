/// The parts of a field's value: `token *( ";" token "=" ( token / quoted-string ) )` (RFC 9110 section 5.6.6).
///
/// Works on bytes: characters of Swift's strings include the combining marks after them, so that `"` with an accent would not be the end of a string.
/// A quoted string ends at its first quotation mark. Escapes are refused, because browsers and servers interpret them differently.
enum FieldParameters {
    struct Parameter {
        /// In lower case.
        let name: String
        let value: ArraySlice<UInt8>?
    }

    /// The parts in their order, the first of which usually has no value; nil if they can't be told apart in one way only.
    static func reading(_ text: ArraySlice<UInt8>) -> [Parameter]? {
        let (semicolon, equals, quote) = (UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "\""))
        var parameters: [Parameter] = []
        var rest = text
        while true {
            rest = rest.drop(while: isBlank)
            let name = rest.prefix { $0 != equals && $0 != semicolon && !isBlank($0) }
            guard !name.isEmpty else { return nil }
            rest = rest.dropFirst(name.count)
            var value: ArraySlice<UInt8>?
            if rest.first == equals {
                rest = rest.dropFirst()
                if rest.first == quote {
                    rest = rest.dropFirst()
                    guard let end = rest.firstIndex(of: quote), !rest[..<end].contains(UInt8(ascii: "\\")) else { return nil }
                    value = rest[..<end]
                    rest = rest[(end + 1)...]
                } else {
                    let token = rest.prefix { $0 != semicolon && !isBlank($0) && $0 != quote }
                    value = token
                    rest = rest.dropFirst(token.count)
                }
            }
            parameters.append(Parameter(name: String(decoding: name, as: UTF8.self).lowercased(), value: value))
            rest = rest.drop(while: isBlank)
            if rest.isEmpty { return parameters }
            guard rest.first == semicolon else { return nil }
            rest = rest.dropFirst()
        }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
