import Crypto

/// Secret keys of virtual access keys. None is kept anywhere: each follows from the master key and the key's id (HKDF-SHA256, RFC 5869).
package struct VirtualSecretKey: Sendable {
    /// Fewer bytes than this could be guessed.
    package static let masterBytes = 32
    /// What a secret key is made of before it is written as text: 30 bytes are 40 characters, as long as the cloud's own.
    private static let bytes = 30
    /// Keeps what is derived here apart from whatever else the same master key may be used for.
    private static let purpose = "hss-gateway virtual secret key, version 1: "

    private let master: Secret

    /// Nil when the master key is too short.
    package init?(master: Secret) {
        guard master.count >= VirtualSecretKey.masterBytes else { return nil }
        self.master = master
    }

    /// The key as those who check signatures hold it.
    package func signingKey(for id: String) -> SigningKey {
        SigningKey(AccessKeyPair(accessKeyID: id, secretKey: Secret(text(for: id))))
    }

    /// The key as text. For the one moment when it is handed to its owner; nobody else asks for it.
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
