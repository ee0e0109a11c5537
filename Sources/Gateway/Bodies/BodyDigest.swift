import Credentials
import Crypto
import NIOCore

/// The SHA-256 of a request's body, computed piece by piece as the body arrives. The caller's signature, the gateway's own and the record all use it,
/// so that the bytes are read only once.
struct BodyDigest {
    private var hasher: SHA256?
    /// Of the whole body; nil until `finish`, and for an empty body.
    private(set) var value: SHA256.Digest?

    mutating func add(_ bytes: ByteBuffer) {
        if hasher == nil { hasher = SHA256() }
        bytes.withUnsafeReadableBytes { hasher?.update(bufferPointer: $0) }
    }

    /// The body is complete.
    mutating func finish() {
        value = hasher?.finalize()
        hasher = nil
    }

    /// The form that a canonical request needs.
    var payload: PayloadHash { value?.withUnsafeBytes { PayloadHash(sha256: $0) } ?? .empty }
}
