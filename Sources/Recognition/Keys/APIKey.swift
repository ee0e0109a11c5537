import Credentials
package import Crypto

/// An API key: `hssgw_<id>_<secret>`. The prefix lets people and scanners for leaked keys recognise it, the id is used to look it up, and because the
/// secret has 256 bits, a fast hash is as safe as a slow one.
package struct APIKey: Sendable {
    package static let prefix = "hssgw_"
    private static let idBytes = 10
    private static let secretBytes = 32
    /// 16 and 52 characters of Base32.
    private static let idLength = 16
    private static let secretLength = 52
    static let length = prefix.utf8.count + idLength + 1 + secretLength

    /// Identifies the key in lists and records; not secret.
    package let id: String
    /// The only part of the secret that is stored.
    package let digest: SHA256.Digest

    /// Nil if the text doesn't have the form of a key.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == APIKey.length, text.hasPrefix(APIKey.prefix) else { return nil }
        let rest = text.dropFirst(APIKey.prefix.count)
        let id = rest.prefix(APIKey.idLength)
        let secret = rest.dropFirst(APIKey.idLength)
        guard Base32.isLowerCase(id), secret.first == "_", Base32.isLowerCase(secret.dropFirst()) else { return nil }
        self.id = String(id)
        var text = String(text)
        self.digest = text.withUTF8 { SHA256.hash(data: $0) }
    }

    /// Whether a text looks like a key of this gateway, even if it is malformed.
    package static func isMeant(by text: some StringProtocol) -> Bool { text.hasPrefix(prefix) }

    /// A new key as text; the whole key is never available again.
    package static func generate(using generator: inout some RandomNumberGenerator) -> String {
        func text(_ count: Int) -> String {
            TextAlphabet.base32.text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).lowercased()
        }
        return prefix + text(idBytes) + "_" + text(secretBytes)
    }
}
