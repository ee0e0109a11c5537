/// An alphabet for writing bytes as text, without padding (RFC 4648).
package struct TextAlphabet: Sendable {
    private let letters: [UInt8]
    private let bitsPerLetter: Int

    /// Needs no escaping in a URL (section 5).
    package static let base64URL = TextAlphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bitsPerLetter: 6)
    /// For text that is read aloud, typed, or selected by a double click (section 6).
    package static let base32 = TextAlphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bitsPerLetter: 5)

    private init(_ letters: String, bitsPerLetter: Int) {
        self.letters = Array(letters.utf8)
        self.bitsPerLetter = bitsPerLetter
    }

    /// The bytes in this alphabet, the highest bits first; missing bits at the end are zeros.
    package func text(_ bytes: some Sequence<UInt8>) -> String {
        let last = (1 << bitsPerLetter) - 1
        var text: [UInt8] = []
        var bits = 0
        var value = 0
        for byte in bytes {
            value = (value << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= bitsPerLetter {
                bits -= bitsPerLetter
                text.append(letters[value >> bits & last])
            }
        }
        if bits > 0 { text.append(letters[value << (bitsPerLetter - bits) & last]) }
        return String(decoding: text, as: UTF8.self)
    }
}
