/// A component that may still need segments that are old enough for removal: a copy of the journal that does not have them yet.
package protocol RetentionGuard: Sendable {
    /// Its name in events.
    var name: String { get }

    /// The oldest record that it still needs; earlier records may be removed.
    var oldestNeeded: SequenceNumber { get }

    /// Called before records are removed. Returns a sentence with the problem of its copy of these records; nil if the copy is complete, or if it has
    /// no copy that can be compared. May block while it reads the copy.
    /// - Parameters:
    ///   - beginning: the tree over all records before them.
    ///   - end: size and root after them.
    func objection(to beginning: MerkleTree, _ end: TreeHead) -> String?
    /// Whether it is stopping; its objection then says nothing about the copy.
    var isEnding: Bool { get }
}

extension RetentionGuard {
    package func objection(to beginning: MerkleTree, _ end: TreeHead) -> String? { nil }
    package var isEnding: Bool { false }
}
