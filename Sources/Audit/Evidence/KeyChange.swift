/// A change of the signing key, as the journal's event records it.
package struct KeyChange: Sendable {
    /// The event's name.
    package static let event = "checkpoint_key_changed"

    /// The name of the event about a lost key, which has no signature of the previous key.
    package static let lossEvent = "checkpoint_key_lost"

    /// The previous key, and the one that replaces it.
    package let old: NoteVerifier
    package let new: NoteVerifier

    /// Reads the note of such an event; nil unless both keys signed it.
    package init?(note text: String) {
        guard let note = SignedNote(text) else { return nil }
        let lines = note.text.split(separator: "\n")
        guard lines.count == 4, lines[1] == "new checkpoint key", let old = NoteVerifier(lines[2]), let new = NoteVerifier(lines[3]),
            note.isSigned(by: old), note.isSigned(by: new)
        else { return nil }
        self.old = old
        self.new = new
    }
}
