import Codecs

/// Writes the JSON bodies of identity requests into memory that is overwritten afterwards.
struct IAMRequestBody {
    private var bytes: [UInt8] = []

    /// - Parameter secrets: bytes of the secrets that will be appended. All memory is reserved at once, because growing would leave copies in memory.
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
        text.withUTF8 { JSONString.append(utf8: $0, to: &bytes) }
    }

    /// A secret with quotes.
    mutating func append(quoted secret: Secret) {
        secret.withBytes { JSONString.append(utf8: $0, to: &bytes) }
    }

    /// Moves the body out.
    mutating func take() -> Secret {
        let secret = bytes.withUnsafeMutableBytes { buffer in
            defer { SecretMemory.erase(buffer) }
            return Secret(copying: UnsafeRawBufferPointer(buffer))
        }
        bytes = []
        return secret
    }
}
