/// Lower-case hexadecimal, the spelling of digests, signatures and identifiers.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two digits per byte.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The value of one hexadecimal digit in either case, or nil.
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// An identifier of `byteCount` random bytes; HSS's request and task identifiers have 16.
    static func random(byteCount: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return text((0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
