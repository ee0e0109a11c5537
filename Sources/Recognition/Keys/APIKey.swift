import Credentials
package import Crypto

/// An API key: `hssgw_<id>_<secret>`. The beginning says what it is to people and to scanners for leaked keys, the id finds it, and the
/// secret's 256 bits make a fast hash as good as a slow one.
package struct APIKey: Sendable {
    package static let prefix = "hssgw_"
    private static let idBytes = 10
    private static let secretBytes = 32
    /// 16 and 52 characters of Base32.
    private static let idLength = 16
    private static let secretLength = 52
    static let length = prefix.utf8.count + idLength + 1 + secretLength

    /// Names the key in lists and records; not secret.
    package let id: String
    /// What is kept of the key.
    package let digest: SHA256.Digest

    /// Nil when the text has not the form of a key.
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

    /// Whether a text means to be a key of ours, be it a broken one.
    package static func isMeant(by text: some StringProtocol) -> Bool { text.hasPrefix(prefix) }

    /// A new key as text; this is the only moment when all of it is known.
    package static func generate(using generator: inout some RandomNumberGenerator) -> String {
        func text(_ count: Int) -> String {
            TextAlphabet.base32.text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).lowercased()
        }
        return prefix + text(idBytes) + "_" + text(secretBytes)
    }
}
