/// Base32 (RFC 4648 section 6) without padding: what is read aloud, typed and selected by a double click.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits = 0
        var value = 0
        for byte in bytes {
            value = (value << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[value >> bits & 31])
            }
        }
        if bits > 0 { text.append(alphabet[value << (5 - bits) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func isUpperCase(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 &- 0x41 < 26 || $0 &- 0x32 < 6 }
    }

    static func isLowerCase(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x32 < 6 }
    }
}
