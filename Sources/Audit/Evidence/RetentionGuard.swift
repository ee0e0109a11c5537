/// A component that may still need segments which are old enough to be removed: a copy of the journal that does not have them yet.
package protocol RetentionGuard: Sendable {
    /// Its name in events.
    var name: String { get }

    /// The oldest record that it still needs; it does not keep anything before from being removed.
    var oldestNeeded: SequenceNumber { get }

    /// Called before records are removed. Returns a sentence that says what is wrong with its copy of them; nil when the copy is complete, or when
    /// it keeps no copy that can be compared. May block for as long as reading the copy takes.
    /// - Parameters:
    ///   - beginning: the tree over everything before them.
    ///   - end: size and root after them.
    func objection(to beginning: MerkleTree, _ end: TreeHead) -> String?
    /// Whether it is being stopped; then its objection says nothing about the copy.
    var isEnding: Bool { get }
}

extension RetentionGuard {
    package func objection(to beginning: MerkleTree, _ end: TreeHead) -> String? { nil }
    package var isEnding: Bool { false }
}
