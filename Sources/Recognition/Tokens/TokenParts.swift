import Codecs
import FoundationEssentials

/// A token in compact form (RFC 7515 section 3.1), split without reading its claims. Whatever the token holds, that costs no more than passing over
/// its bytes: nothing is built of it but the few members that are asked for. Foundation's essentials are imported for their Base64.
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

    /// The members of an object that have one of these names, with their text where they are one. Nil if it is no object, or if one of them stands
    /// twice: two readers could take it in two ways.
    /// - Parameter isWhole: whether all of it must be JSON; otherwise reading ends where it is none, or nested too deeply. Claims are parsed
    ///   strictly, once their signature was verified.
    private static func members(of json: [UInt8], named wanted: Set<String>, isWhole: Bool) -> [String: String?]? {
        json.withUnsafeBytes { bytes in
            var cursor = JSONCursor(bytes)
            guard cursor.skip(UInt8(ascii: "{")) else { return nil }
            var found: [String: String?] = [:]
            if cursor.skip(UInt8(ascii: "}")) { return !isWhole || cursor.isAtEnd ? found : nil }
            repeat {
                guard let name = cursor.string(), cursor.skip(UInt8(ascii: ":")), let value = cursor.value() else { return isWhole ? nil : found }
                let key = JSONString.decode(bytes[name])
                guard wanted.contains(key) else { continue }
                let text = value.isText ? JSONString.unescaped(UnsafeRawBufferPointer(rebasing: bytes[value.range])) : nil
                guard found.updateValue(text.map { String(decoding: $0, as: UTF8.self) }, forKey: key) == nil else { return nil }
            } while cursor.skip(UInt8(ascii: ","))
            return !isWhole || cursor.skip(UInt8(ascii: "}")) && cursor.isAtEnd ? found : nil
        }
    }

    private static func decoded(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(part.count + 3)
        for byte in part {
            switch byte {
            case UInt8(ascii: "-"): text.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): text.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: text.append(byte)
            }
        }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(text)).map { Array($0) }
    }
}
