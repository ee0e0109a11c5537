package import Crypto

/// An access key pair prepared for signing: the key is hashed once, and each signature starts from that state.
///
/// HMAC (RFC 2104) hashes a block made from the key before the message, in the inner and the outer hash. Keeping both hash states after their first
/// block saves two of the six blocks that a signature of a typical request needs, and the key is not read again.
package final class SigningKey: Sendable {
    let accessKeyID: String
    /// The end of the id, for records.
    let accessKeyTail: String
    let securityToken: Secret?
    private let inner: SHA256
    private let outer: SHA256

    package init(_ pair: AccessKeyPair) {
        accessKeyID = pair.accessKeyID
        accessKeyTail = AccessKeyTail.of(pair.accessKeyID)
        securityToken = pair.securityToken
        (inner, outer) = Self.absorb(pair.secretKey)
    }

    /// The HMAC-SHA256 of a message.
    package func authenticate(_ message: UnsafeRawBufferPointer) -> SHA256.Digest {
        var inner = inner
        inner.update(bufferPointer: message)
        var outer = outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }

    private static func absorb(_ key: Secret) -> (SHA256, SHA256) {
        withUnsafeTemporaryAllocation(byteCount: SHA256.blockByteCount, alignment: 1) { block in
            block.initializeMemory(as: UInt8.self, repeating: 0)
            defer { SecretMemory.erase(block) }
            key.withBytes { bytes in
                if bytes.count <= block.count {
                    block.copyMemory(from: UnsafeRawBufferPointer(bytes))
                } else {
                    var hasher = SHA256()
                    hasher.update(bufferPointer: UnsafeRawBufferPointer(bytes))
                    hasher.finalize().withUnsafeBytes { block.copyMemory(from: $0) }
                }
            }
            return (absorb(block, mask: 0x36), absorb(block, mask: 0x5C))
        }
    }

    /// Hashes the block under one of RFC 2104's two masks, and removes the mask again.
    private static func absorb(_ block: UnsafeMutableRawBufferPointer, mask: UInt8) -> SHA256 {
        for index in block.indices { block[index] ^= mask }
        defer {
            for index in block.indices { block[index] ^= mask }
        }
        var hasher = SHA256()
        hasher.update(bufferPointer: UnsafeRawBufferPointer(block))
        return hasher
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SigningKey(…\(accessKeyTail))" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}
