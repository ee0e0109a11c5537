import Codecs

/// A text with its signatures (c2sp.org/signed-note).
struct SignedNote: Sendable, Hashable {
    /// One signature line.
    struct Signature: Sendable, Hashable {
        let name: String
        let id: UInt32
        let bytes: [UInt8]
    }

    /// The text with its last newline.
    let text: String
    /// The signatures.
    let signatures: [Signature]

    /// Reads a note; nil if it isn't one.
    init?(_ note: String) {
        guard let gap = note.lastRange(of: "\n\n") else { return nil }
        let lines = note[gap.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines.last == "" else { return nil }
        var signatures: [Signature] = []
        for line in lines.dropLast() {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "\u{2014}", let bytes = Base64.decode(parts[2]), bytes.count > 4 else { return nil }
            let id = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            signatures.append(Signature(name: String(parts[1]), id: id, bytes: Array(bytes.dropFirst(4))))
        }
        text = String(note[..<gap.lowerBound]) + "\n"
        self.signatures = signatures
    }

    /// Signs a text with each key; nil if the library fails.
    static func make(_ text: String, _ signers: [NoteSigner]) -> String? {
        var note = text + "\n"
        for signer in signers {
            guard let line = signer.signatureLine(over: text) else { return nil }
            note += line
        }
        return note
    }

    /// Whether this key signed the text.
    func isSigned(by key: NoteVerifier) -> Bool {
        signatures.contains { $0.name == key.name && $0.id == key.id && key.isValid($0.bytes, over: text) }
    }

    /// Whether no signature was cut: none of the kinds that there are is shorter than that of Ed25519.
    var isWhole: Bool { signatures.allSatisfy { $0.bytes.count >= 64 } }
}

extension SignedCheckpoint {
    /// Signs a tree head.
    static func make(_ head: TreeHead, origin: String, _ signers: [NoteSigner]) -> SignedCheckpoint? {
        let text = "\(origin)\n\(head.size)\n\(head.root.base64)\n"
        return SignedNote.make(text, signers).map { SignedCheckpoint(origin: origin, head: head, note: $0) }
    }

    /// Reads a checkpoint; its signatures are not checked. Nil if it isn't one.
    package init?(note: String) {
        guard let signed = SignedNote(note) else { return nil }
        let lines = signed.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, NoteVerifier.isName(lines[0]), let size = UInt64(lines[1]), String(size) == lines[1],
            size <= SequenceNumber.maximum.value, let bytes = Base64.decode(lines[2]), let root = SHA256Hash(bytes)
        else { return nil }
        self.init(origin: String(lines[0]), head: TreeHead(size: size, root: root), note: note)
    }

    /// The key that signed it, if it is among these.
    package func signer(among keys: [NoteVerifier]) -> NoteVerifier? {
        guard let signed = SignedNote(note) else { return nil }
        return keys.first { signed.isSigned(by: $0) }
    }
}

extension String {
    fileprivate func lastRange(of pattern: String) -> Range<Index>? { ranges(of: pattern).last }
}
