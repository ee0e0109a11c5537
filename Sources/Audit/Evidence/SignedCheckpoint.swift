/// A tree head of one journal, signed: a C2SP checkpoint (c2sp.org/tlog-checkpoint) in a signed note (c2sp.org/signed-note).
package struct SignedCheckpoint: Sendable, Hashable {
    /// The journal's name, `hss-gateway/<instance>`.
    package let origin: String
    /// Size and root.
    package let head: TreeHead
    /// The whole note as stored in files: text, blank line, signatures.
    package let note: String

    /// Makes a checkpoint from its parts.
    package init(origin: String, head: TreeHead, note: String) {
        self.origin = origin
        self.head = head
        self.note = note
    }
}
