import Codecs
internal import Crypto

/// A key that signs notes. Its description shows only the public half.
package struct NoteSigner: Sendable, CustomStringConvertible {
    /// The public half.
    package let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new key for a journal of this name.
    package init(name: String) {
        key = Curve25519.Signing.PrivateKey()
        verifier = NoteVerifier(name: name, key: Array(key.publicKey.rawRepresentation))
    }

    /// Reads a signer key, `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>`.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "PRIVATE", parts[1] == "KEY", NoteVerifier.isName(parts[2]), let id = UInt32(parts[3], radix: 16),
            let bytes = Base64.decode(parts[4]), bytes.count == 33, bytes[0] == 1,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(bytes.dropFirst()))
        else { return nil }
        self.key = key
        verifier = NoteVerifier(name: String(parts[2]), key: Array(key.publicKey.rawRepresentation))
        guard verifier.id == id else { return nil }
    }

    package var description: String { "signer \(verifier.text)" }

    /// The secret line for the key's file, and for no other use.
    var secretText: String {
        "PRIVATE+KEY+\(verifier.name)+\(verifier.idText)+\(Base64.encode([1] + Array(key.rawRepresentation)))"
    }

    /// The signature's line, nil if the library fails.
    func signatureLine(over text: String) -> String? {
        guard let signature = try? key.signature(for: Array(text.utf8)) else { return nil }
        let id = (0..<4).map { UInt8(truncatingIfNeeded: verifier.id >> UInt32(24 - 8 * $0)) }
        return "\u{2014} \(verifier.name) \(Base64.encode(id + Array(signature)))\n"
    }
}
