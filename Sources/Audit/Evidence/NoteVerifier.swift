import Codecs
internal import Crypto

/// The public half of a key that signs notes (c2sp.org/signed-note), Ed25519: what an auditor needs.
package struct NoteVerifier: Sendable, Hashable {
    private static let ed25519: UInt8 = 1

    /// The key's name: the origin of the journal it was made for.
    package let name: String
    /// The first four bytes of `SHA-256(name ‖ newline ‖ type ‖ key)`, which are part of signatures.
    let id: UInt32
    private let key: [UInt8]

    init(name: String, key: [UInt8]) {
        self.name = name
        self.key = key
        id = Self.identifier(name, key)
    }

    /// Reads a verifier key, `<name>+<id, 8 hexadecimal digits>+<base64 of type and key>`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, Self.isName(parts[0]), let id = UInt32(parts[1], radix: 16), let bytes = Base64.decode(parts[2]),
            bytes.count == 33, bytes[0] == Self.ed25519
        else { return nil }
        self.init(name: String(parts[0]), key: Array(bytes.dropFirst()))
        guard self.id == id else { return nil }
    }

    /// The verifier key as text.
    package var text: String { "\(name)+\(idText)+\(Base64.encode([Self.ed25519] + key))" }

    /// The identifier in eight digits.
    var idText: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Whether a signature over a text was made with this key.
    func isValid(_ signature: [UInt8], over text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
        return key.isValidSignature(signature, for: Array(text.utf8))
    }

    /// Names have neither blanks nor plus signs.
    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace && $0.value >= 0x20 }
    }

    private static func identifier(_ name: String, _ key: [UInt8]) -> UInt32 {
        SHA256.hash(data: Array(name.utf8) + [0x0A, ed25519] + key).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
