internal import Crypto

/// The Merkle tree of RFC 6962 section 2.1 over the journal's lines, kept as its frontier: one hash for each complete subtree that the size
/// decomposes into, at most 63. Appending costs two hashes on average; the appended lines are not kept.
///
/// 1. `frontier` holds one hash per set bit of `size`, the largest subtree first.
/// 2. A leaf is `SHA-256(0x00 ‖ line)`, the line without its newline; a node is `SHA-256(0x01 ‖ left ‖ right)`.
package struct MerkleTree: Sendable, Hashable {
    /// How many leaves were appended.
    package private(set) var size: UInt64 = 0
    /// The roots of the complete subtrees, the largest first.
    package private(set) var frontier: [SHA256Hash] = []

    /// Makes an empty tree.
    package init() {
        frontier.reserveCapacity(64)
    }

    /// Makes a tree from a stored frontier; nil if size and frontier don't match.
    package init?(size: UInt64, frontier: [SHA256Hash]) {
        guard frontier.count == size.nonzeroBitCount, size <= SequenceNumber.maximum.value else { return nil }
        self.size = size
        self.frontier = frontier
    }

    /// Size and root.
    package var head: TreeHead { TreeHead(size: size, root: root) }

    /// The root over all leaves; without leaves it is the hash of the empty string.
    package var root: SHA256Hash {
        guard var hash = frontier.last else { return SHA256Hash(SHA256()) }
        for left in frontier.dropLast().reversed() { hash = Self.node(left, hash) }
        return hash
    }

    /// Appends the leaf of a line without its newline.
    package mutating func append(_ line: UnsafeRawBufferPointer) {
        append(subtree: Self.leaf(line), level: 0)
    }

    /// Appends leaves for records that are known to have existed and are lost: leaves of an empty line, which no record has. So the indices of later
    /// records stay right. Equal leaves have equal subtrees, so this takes logarithmic time.
    package mutating func appendMissing(_ count: UInt64) {
        var rest = count
        while rest > 0 {
            var level = 0
            var hash = Self.leaf(UnsafeRawBufferPointer(start: nil, count: 0))
            while level < size.trailingZeroBitCount, level < 62, UInt64(2) << UInt64(level) <= rest {
                hash = Self.node(hash, hash)
                level += 1
            }
            append(subtree: hash, level: level)
            rest -= UInt64(1) << UInt64(level)
        }
    }

    /// Appends a leaf whose hash is known.
    package mutating func append(leaf: SHA256Hash) {
        append(subtree: leaf, level: 0)
    }

    /// Appends a complete subtree of 2^level leaves whose root is known, to a tree whose size is a multiple of that.
    ///
    /// - Parameter wanted: a level above `level`.
    /// - Returns: the root of the subtree of 2^wanted leaves, if this completes one.
    @discardableResult
    mutating func append(subtree: SHA256Hash, level: Int, noting wanted: Int? = nil) -> SHA256Hash? {
        var hash = subtree
        var level = level
        var noted: SHA256Hash?
        while size >> UInt64(level) & 1 == 1, let left = frontier.popLast() {
            hash = Self.node(left, hash)
            size -= UInt64(1) << UInt64(level)
            level += 1
            if level == wanted { noted = hash }
        }
        frontier.append(hash)
        size += UInt64(1) << UInt64(level)
        return noted
    }

    /// The hash of a leaf.
    package static func leaf(_ line: UnsafeRawBufferPointer) -> SHA256Hash {
        var hash = SHA256()
        withUnsafeBytes(of: 0 as UInt8) { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: line)
        return SHA256Hash(hash)
    }

    /// The hash of a node.
    package static func node(_ left: SHA256Hash, _ right: SHA256Hash) -> SHA256Hash {
        // Hashed in one piece, because each separate piece costs as much overhead as its hashing, and every record makes a node.
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { text in
            text[0] = 1
            text.storeBytes(of: left.bytes, toByteOffset: 1, as: SIMD32<UInt8>.self)
            text.storeBytes(of: right.bytes, toByteOffset: 33, as: SIMD32<UInt8>.self)
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(text))
            return SHA256Hash(hash)
        }
    }
}

extension SHA256Hash {
    fileprivate init(_ hash: SHA256) {
        let bytes = hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: SIMD32<UInt8>.self) }
        self.init(bytes: bytes)
    }
}
