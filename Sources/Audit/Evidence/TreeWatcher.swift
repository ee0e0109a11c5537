/// Whoever hears how the tree grows. Called on the journal's writer thread, so it must be quick, except for the last call.
protocol TreeWatcher: Sendable {
    /// Records became durable and were hashed: the tree's new head, and the leaves that are new in it.
    func treeDidGrow(to head: TreeHead, leaves: [SHA256Hash])
    /// A segment was closed; the next begins behind this head.
    func treeDidRotate(at head: TreeHead)
    /// The journal ends with this head; its directory is still locked and is given back after the call.
    func treeDidEnd(at head: TreeHead)
}
