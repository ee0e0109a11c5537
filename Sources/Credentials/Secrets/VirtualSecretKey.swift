import Crypto

/// Secret keys of virtual access keys. None is stored: each is derived from the master key and the key's id (HKDF-SHA256, RFC 5869).
package struct VirtualSecretKey: Sendable {
    /// Fewer bytes than this could be guessed.
    package static let masterBytes = 32
    /// Length of a secret key before it is encoded as text: 30 bytes give 40 characters, as long as the cloud's keys.
    private static let bytes = 30
    /// Separates these keys from other uses of the same master key.
    private static let purpose = "hss-gateway virtual secret key, version 1: "

    private let master: Secret

    /// Nil when the master key is too short.
    package init?(master: Secret) {
        guard master.count >= VirtualSecretKey.masterBytes else { return nil }
        self.master = master
    }

    /// The key in the form used to verify signatures.
    package func signingKey(for id: String) -> SigningKey {
        SigningKey(AccessKeyPair(accessKeyID: id, secretKey: Secret(text(for: id))))
    }

    /// The key as text. Used only once, when the key is given to its owner.
    package func text(for id: String) -> String {
        let derived = master.withBytes { bytes in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: UnsafeRawBufferPointer(bytes)), info: Array((Self.purpose + id).utf8),
                outputByteCount: Self.bytes
            )
        }
        return derived.withUnsafeBytes { TextAlphabet.base64URL.text($0) }
    }
}
