/// The state of the Merkle tree at one time, which a checkpoint signs.
package struct TreeHead: Sendable, Hashable {
    /// How many records the tree covers.
    package let size: UInt64
    /// The Merkle tree hash over them (RFC 6962 section 2.1).
    package let root: SHA256Hash

    /// Makes a tree head.
    package init(size: UInt64, root: SHA256Hash) {
        self.size = size
        self.root = root
    }
}
