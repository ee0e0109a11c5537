/// Writes the JSON bodies of identity requests into memory that is overwritten afterwards.
struct IAMRequestBody {
    private var bytes: [UInt8] = []

    /// - Parameter secrets: bytes of the secrets that will be appended. Room for all is made at once, so that growing leaves no copies behind.
    init(secrets: Int) {
        bytes.reserveCapacity(1_024 + 2 * secrets)
    }

    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ number: Int) {
        bytes.append(contentsOf: String(number).utf8)
    }

    /// A text with its quotes.
    mutating func append(quoted text: String) {
        var text = text
        text.withUTF8 { quote($0) }
    }

    /// A secret with quotes.
    mutating func append(quoted secret: Secret) {
        secret.withBytes { quote($0) }
    }

    /// The body. Nothing is left of it here.
    mutating func take() -> Secret {
        let secret = bytes.withUnsafeMutableBytes { buffer in
            defer { SecretMemory.erase(buffer) }
            return Secret(copying: UnsafeRawBufferPointer(buffer))
        }
        bytes = []
        return secret
    }

    /// RFC 8259 section 7: quotes, backslashes and control characters are escaped.
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: (byte < 16 ? "\\u000" : "\\u00").utf8)
                bytes.append(contentsOf: String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
