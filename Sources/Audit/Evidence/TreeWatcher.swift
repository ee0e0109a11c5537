/// Receives the growth of the tree. Called on the journal's writer thread, so it must return quickly, except in the last call.
protocol TreeWatcher: Sendable {
    /// Records became durable and were hashed: the tree's new head, and the new parts of the tree.
    func treeDidGrow(to head: TreeHead, by growth: TreeGrowth)
    /// A segment was closed; the next begins after this head.
    func treeDidRotate(at head: TreeHead)
    /// The journal ends with this head; the lock on its directory is released after the call.
    func treeDidEnd(at head: TreeHead)
}

/// What one batch of records added to the tree.
struct TreeGrowth: Sendable {
    /// The number of the first new leaf.
    let first: UInt64
    /// The new leaves.
    var leaves: [SHA256Hash] = []
    /// The roots of the subtrees of 2^`SubtreeLedger.step` leaves that they completed, in their order. The tree computes them anyway; computing them
    /// again for the ledger would cost 6 thousand instructions per record.
    var subtrees: [SHA256Hash] = []
}
