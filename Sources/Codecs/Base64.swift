/// Base64 (RFC 4648): with padding in the standard form, without in the one for URLs.
package enum Base64 {
    /// The two alphabets.
    package enum Form: Sendable {
        /// Section 4, padded, as in signed notes.
        case standard
        /// Section 5, not padded: nothing in it needs escaping in a URL.
        case url
    }

    /// The text of some bytes.
    package static func encode(_ bytes: some Collection<UInt8>, _ form: Form = .standard) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var count = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                for shift in [18, 12, 6, 0] as [UInt32] { text.append(digit(group >> shift, form)) }
                (group, count) = (0, 0)
            }
        }
        if count > 0 {
            group <<= UInt32(8 * (3 - count))
            for index in 0...count { text.append(digit(group >> UInt32(18 - 6 * index), form)) }
            if form == .standard { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count)) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil unless it is exactly what `encode` returns.
    package static func decode(_ text: some StringProtocol, _ form: Form = .standard) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var bits = 0
        for character in text.utf8 where character != UInt8(ascii: "=") {
            guard let value = value(character, form) else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        return encode(bytes, form) == text ? bytes : nil
    }

    private static func digit(_ bits: UInt32, _ form: Form) -> UInt8 {
        switch UInt8(truncatingIfNeeded: bits & 63) {
        case let letter where letter < 26: UInt8(ascii: "A") + letter
        case let letter where letter < 52: UInt8(ascii: "a") + (letter - 26)
        case let digit where digit < 62: UInt8(ascii: "0") + (digit - 52)
        case 62: form == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
        default: form == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
        }
    }

    private static func value(_ character: UInt8, _ form: Form) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case digit(62, form): 62
        case digit(63, form): 63
        default: nil
        }
    }
}
