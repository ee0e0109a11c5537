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
        return derived.withUnsafeBytes { Base64URL.text($0) }
    }
}

/// Base64 in the alphabet that needs no escaping, without padding (RFC 4648 section 5).
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        var text: [UInt8] = []
        var bits = 0
        var value = 0
        for byte in bytes {
            value = (value << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[value >> bits & 63])
            }
        }
        if bits > 0 { text.append(alphabet[value << (6 - bits) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }
}
