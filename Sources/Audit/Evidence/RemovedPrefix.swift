import Files
internal import Glibc

/// The file `removed`: the evidence about segments that were removed after `audit.retain`. It contains the frontier of the tree at the first
/// remaining record, and the checkpoint of exactly that size, which proves the frontier: its root is the one that the checkpoint signs.
package struct RemovedPrefix: Sendable {
    /// The name of the file.
    static let fileName = "removed"
    /// The event that says so in the journal; durable before the file is.
    package static let event = "segments_removed"
    private static let title = "hss-gateway journal removed 1"

    /// The tree over everything that was removed.
    package let tree: MerkleTree
    /// The checkpoint of that size.
    package let checkpoint: SignedCheckpoint

    /// Makes the file's content; nil if tree and checkpoint don't match.
    init?(tree: MerkleTree, checkpoint: SignedCheckpoint) {
        guard tree.head == checkpoint.head else { return nil }
        self.tree = tree
        self.checkpoint = checkpoint
    }

    /// The file's content.
    package var text: String {
        "\(Self.title)\nsize \(tree.size)\n" + tree.frontier.map { "hash \($0)\n" }.joined() + "\n" + checkpoint.note
    }

    /// Reads a file's content.
    package init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 3, lines[0] == Self.title, lines[1].hasPrefix("size "), let size = UInt64(lines[1].dropFirst(5)),
            let gap = lines.firstIndex(of: "")
        else { return nil }
        let hashes = lines[2..<gap].compactMap { $0.hasPrefix("hash ") ? SHA256Hash(hexadecimal: $0.dropFirst(5)) : nil }
        guard let tree = MerkleTree(size: size, frontier: hashes), hashes.count == gap - 2,
            let checkpoint = SignedCheckpoint(note: lines[(gap + 1)...].joined(separator: "\n"))
        else { return nil }
        self.init(tree: tree, checkpoint: checkpoint)
    }

    /// The result of loading the file.
    package enum Loaded {
        case absent
        case damaged
        case prefix(RemovedPrefix)
    }

    /// Reads the file of a journal.
    package static func load(_ directory: String) -> Loaded {
        switch SmallFile.read("\(directory)/\(fileName)") {
        case .failure(let error): error.code == ENOENT ? .absent : .damaged
        case .success(let text): RemovedPrefix(text).map(Loaded.prefix) ?? .damaged
        }
    }

    /// The frontier's hash of a complete subtree, or of several consecutive ones that make up a range.
    func subtree(_ range: Range<UInt64>) -> MerkleTree? {
        var place: UInt64 = 0
        var pieces: [SHA256Hash] = []
        var rest = tree.size
        for hash in tree.frontier {
            let size = UInt64(1) << UInt64(63 - rest.leadingZeroBitCount)
            if place >= range.lowerBound, place + size <= range.upperBound { pieces.append(hash) }
            place += size
            rest -= size
        }
        return MerkleTree(size: UInt64(range.count), frontier: pieces)
    }
}
