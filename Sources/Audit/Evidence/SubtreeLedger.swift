import Files
internal import Glibc

/// The roots of complete subtrees of 2^8, 2^16 and 2^24 leaves, in files `tree/level-<n>` with 32 bytes per subtree, at its index: with them a proof
/// reads some thousand hashes, independent of the journal's length. An entry of zeros is unknown and is computed from the level below.
///
/// It is never trusted: every result is checked against the root that a checkpoint signs. It may be deleted; it is then filled again for new records.
struct SubtreeLedger {
    /// Levels of the tree between two files, as in c2sp.org/tlog-tiles.
    static let step = 8
    private static let width = UInt64(1) << UInt64(step)
    private static let highest = 24
    private static let unknown = SHA256Hash(bytes: .zero)

    let directory: String

    /// Makes a ledger next to a journal.
    init(directory: String) {
        self.directory = directory
    }

    /// Appends the roots of consecutive subtrees of 2^step leaves, which were completed after this number of leaves.
    func append(_ roots: [SHA256Hash], behind leaves: UInt64) {
        for (index, root) in zip((leaves >> UInt64(Self.step))..., roots) { keep(root, level: Self.step, index: index) }
    }

    private func keep(_ root: SHA256Hash, level: Int, index: UInt64) {
        let file = RegularFile.open(Self.path(directory, level), O_RDWR | O_CREAT | O_NOFOLLOW)
        guard file >= 0 else { return }
        defer { close(file) }
        let place = off_t(index) * off_t(LeafLedger.hashLength)
        let written = withUnsafeBytes(of: root.bytes) { pwrite(file, $0.baseAddress, $0.count, place) }
        guard written == LeafLedger.hashLength, level < Self.highest, index % Self.width == Self.width - 1 else { return }
        let children = Self.read(directory, level: level, first: index + 1 - Self.width, count: Int(Self.width))
        guard children.count == Int(Self.width), !children.contains(Self.unknown) else { return }
        keep(Self.root(of: children), level: level + Self.step, index: index >> UInt64(Self.step))
    }

    /// The root of the complete subtree of 2^level leaves that begins with this leaf.
    ///
    /// - Parameter leaves: returns that many leaves from a number on, for subtrees that are in no file.
    static func root(
        _ directory: String, first: UInt64, level: Int, leaves: (UInt64, Int) throws(Prover.Fault) -> [SHA256Hash]
    ) throws(Prover.Fault) -> SHA256Hash {
        guard level >= step else { return root(of: try leaves(first, 1 << level)) }
        let base = min(level / step * step, highest)
        let count = 1 << (level - base)
        var children = read(directory, level: base, first: first >> UInt64(base), count: count)
        children += repeatElement(unknown, count: count - children.count)
        for index in children.indices where children[index] == unknown {
            let start = first + UInt64(index) << UInt64(base)
            children[index] = try below(directory, first: start, level: base, leaves: leaves)
        }
        return root(of: children)
    }

    /// The root of a subtree that is missing in the file of its level.
    private static func below(
        _ directory: String, first: UInt64, level: Int, leaves: (UInt64, Int) throws(Prover.Fault) -> [SHA256Hash]
    ) throws(Prover.Fault) -> SHA256Hash {
        var tree = MerkleTree()
        for index in 0..<width {
            guard level > step else { break }
            let start = first + index << UInt64(level - step)
            tree.append(subtree: try root(directory, first: start, level: level - step, leaves: leaves), level: level - step)
        }
        return level > step ? tree.root : root(of: try leaves(first, Int(width)))
    }

    private static func root(of hashes: [SHA256Hash]) -> SHA256Hash {
        var tree = MerkleTree()
        for hash in hashes { tree.append(leaf: hash) }
        return tree.root
    }

    private static func path(_ directory: String, _ level: Int) -> String { "\(directory)/\(LeafLedger.directoryName)/level-\(level)" }

    /// The hashes from an index on, to the end of the file.
    private static func read(_ directory: String, level: Int, first: UInt64, count: Int) -> [SHA256Hash] {
        let file = RegularFile.open(path(directory, level), O_RDONLY | O_NOFOLLOW)
        guard file >= 0 else { return [] }
        defer { close(file) }
        return LeafLedger.hashes(file, at: off_t(first) * off_t(LeafLedger.hashLength), limit: count)
    }
}
