import Codecs

/// A token in compact form (RFC 7515 section 3.1), split without reading its claims. Whatever the token holds, that costs no more than passing over
/// its bytes: nothing is built of it but the few members that are asked for.
struct TokenParts {
    /// What the head says about the signature.
    struct Head {
        let alg: String?
        let kid: String?
        /// Whether it names critical extensions; none is supported.
        let hasCritical: Bool
    }

    /// Heads have about 100 bytes; heads with a certificate chain are not supported.
    private static let headBytes = 2_048

    let head: Head
    /// The only claim that is read before verification.
    let issuer: String?
    /// The signed bytes: head and claims.
    let signed: ArraySlice<UInt8>
    let signature: [UInt8]

    /// Nil if it doesn't have three parts in Base64 (RFC 4648 section 5), two of them JSON objects in which what is read stands once.
    init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count <= TokenParts.headBytes, let headText = TokenParts.decoded(parts[0]),
            let head = TokenParts.members(of: headText, named: ["alg", "kid", "crit"], isWhole: true), let claimsText = TokenParts.decoded(parts[1]),
            let claims = TokenParts.members(of: claimsText, named: ["iss"], isWhole: false), let signature = TokenParts.decoded(parts[2])
        else { return nil }
        self.head = Head(alg: head["alg"] ?? nil, kid: head["kid"] ?? nil, hasCritical: head["crit"] != nil)
        self.issuer = claims["iss"] ?? nil
        self.signed = bytes[..<(parts[2].startIndex - 1)]
        self.signature = signature
    }

    /// Members of an object that are passed over at most. Issuers write some twenty.
    static let mostMembers = 128
    /// A byte of a name is at most six in an escape.
    private static let longestEscape = 6

    /// The members of an object that have one of these names, with their text where they are one. Nil if it is no object, if it has too many members,
    /// or if one of them stands twice: two readers could take it in two ways.
    /// - Parameter isWhole: whether all of it must be JSON; otherwise reading ends where it is none, or nested too deeply. Claims are parsed
    ///   strictly, once their signature was verified.
    private static func members(of json: [UInt8], named wanted: [StaticString], isWhole: Bool) -> [String: String?]? {
        json.withUnsafeBytes { bytes in
            var cursor = JSONCursor(bytes)
            guard cursor.skip(UInt8(ascii: "{")) else { return nil }
            var found: [String: String?] = [:]
            if cursor.skip(UInt8(ascii: "}")) { return !isWhole || cursor.isAtEnd ? found : nil }
            var count = 0
            repeat {
                guard let name = cursor.string(), cursor.skip(UInt8(ascii: ":")), let value = cursor.value() else { return isWhole ? nil : found }
                count += 1
                guard count <= mostMembers else { return nil }
                guard let key = wanted.first(where: { spells($0, UnsafeRawBufferPointer(rebasing: bytes[name])) }) else { continue }
                let text = value.isText ? JSONString.unescaped(UnsafeRawBufferPointer(rebasing: bytes[value.range])) : nil
                guard found.updateValue(text.map { String(decoding: $0, as: UTF8.self) }, forKey: key.description) == nil else { return nil }
            } while cursor.skip(UInt8(ascii: ","))
            return !isWhole || cursor.skip(UInt8(ascii: "}")) && cursor.isAtEnd ? found : nil
        }
    }

    /// Whether the content of a string is this name, with escapes or without. Decoding each name would cost several times what the rest of the token
    /// does.
    private static func spells(_ name: StaticString, _ content: UnsafeRawBufferPointer) -> Bool {
        let count = name.utf8CodeUnitCount
        guard content.count >= count, content.count <= count * longestEscape else { return false }
        if content.count == count { return content.elementsEqual(UnsafeRawBufferPointer(start: name.utf8Start, count: count)) }
        return JSONString.decode(content).utf8.elementsEqual(UnsafeRawBufferPointer(start: name.utf8Start, count: count))
    }

    private static let invalid: UInt8 = 0xFF

    /// The value of each letter of Base64 for URLs; `invalid` for every other byte.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        let letters: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for value in 0..<64 { values[Int(letters.utf8Start[value])] = UInt8(value) }
        return values
    }()

    /// The bytes of a text in Base64 (RFC 4648 section 5); nil if it is none.
    private static func decoded(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        guard part.count % 4 != 1 else { return nil }
        var isText = true
        let bytes = [UInt8](unsafeUninitializedCapacity: part.count / 4 * 3 + 3) { bytes, count in
            // Bounded: four letters are three bytes, and what is left of them at the end is less than three.
            values.withUnsafeBufferPointer { values in
                var (group, bits) = (UInt32(0), UInt32(0))
                for letter in part {
                    let value = values[Int(letter)]
                    guard value != invalid else {
                        isText = false
                        return
                    }
                    group = group << 6 | UInt32(value)
                    bits += 6
                    if bits >= 8 {
                        bits -= 8
                        bytes[count] = UInt8(truncatingIfNeeded: group >> bits)
                        count += 1
                    }
                }
            }
        }
        return isText ? bytes : nil
    }
}
