import Codecs
import Crypto

/// The last line of a canonical request (protocol page a.5).
package struct PayloadHash: Sendable, Equatable {
    /// Lower-case hexadecimal, or `UNSIGNED-PAYLOAD`.
    package let text: String

    /// The SHA-256 of nothing: used for an empty body even if it is declared unsigned, as the official Python signer does.
    package static let empty = PayloadHash(verbatim: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

    /// Used for a body that is not hashed. A request with it also sends `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD`.
    package static let unsigned = PayloadHash(verbatim: "UNSIGNED-PAYLOAD")

    /// A hash that was computed elsewhere.
    package init(verbatim text: String) {
        self.text = text
    }

    /// The hash of a body's exact bytes.
    package init(of body: UnsafeRawBufferPointer) {
        guard !body.isEmpty else {
            self = .empty
            return
        }
        var hasher = SHA256()
        hasher.update(bufferPointer: body)
        self.init(hasher.finalize())
    }

    /// A digest that was computed while the body arrived.
    package init(sha256 digest: UnsafeRawBufferPointer) {
        text = Hexadecimal.digits(of: digest).span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    private init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { PayloadHash(sha256: $0) }
    }

    /// Whether the body of this media type is signed. Case and leading spaces matter, as in the official signer.
    package static func isSigned(contentType: String) -> Bool {
        contentType.isEmpty || begins(contentType, with: "application/json") || begins(contentType, with: "application/bson")
    }

    /// Compares bytes; `hasPrefix` would compare characters, and generic `starts(with:)` takes longer than the rest of a signature's text.
    private static func begins(_ text: String, with prefix: StaticString) -> Bool {
        let bytes = text.utf8.span
        guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount where bytes[index] != prefix.utf8Start[index] {
            return false
        }
        return true
    }
}
