/// Inclusion and consistency proofs of RFC 6962 section 2.1: which subtrees they consist of, and how they are checked.
enum MerkleProof {
    /// The subtrees of the path from a leaf to the root of the first `size` leaves, the lowest first. Empty if there is no such leaf. The numbers are
    /// untrusted, because they come from submitted evidence, and the length of a range may exceed `Int`.
    static func inclusion(of index: UInt64, in size: UInt64) -> [Range<UInt64>] {
        guard index < size else { return [] }
        var path: [Range<UInt64>] = []
        var range = 0..<size
        while range.upperBound - range.lowerBound > 1 {
            let split = range.lowerBound + half(range.upperBound - range.lowerBound)
            if index < split {
                path.append(split..<range.upperBound)
                range = range.lowerBound..<split
            } else {
                path.append(range.lowerBound..<split)
                range = split..<range.upperBound
            }
        }
        return path.reversed()
    }

    /// The subtrees that prove that the first `old` leaves of the first `size` are those of the older tree.
    static func consistency(from old: UInt64, to size: UInt64) -> [Range<UInt64>] {
        guard old > 0, old < size else { return [] }
        var proof: [Range<UInt64>] = []
        var range = 0..<size
        var isWhole = true
        while range.upperBound != old {
            let split = range.lowerBound + half(range.upperBound - range.lowerBound)
            if old <= split {
                proof.append(split..<range.upperBound)
                range = range.lowerBound..<split
            } else {
                proof.append(range.lowerBound..<split)
                range = split..<range.upperBound
                isWhole = false
            }
        }
        if !isWhole { proof.append(range) }
        return proof.reversed()
    }

    /// The root computed from a leaf and its path; nil if the path has the wrong length, or the tree has no such leaf.
    static func root(leaf: SHA256Hash, index: UInt64, size: UInt64, path: [SHA256Hash]) -> SHA256Hash? {
        guard index < size else { return nil }
        let ranges = inclusion(of: index, in: size)
        guard ranges.count == path.count else { return nil }
        return zip(ranges, path).reduce(leaf) { hash, step in
            step.0.lowerBound > index ? MerkleTree.node(hash, step.1) : MerkleTree.node(step.1, hash)
        }
    }

    /// Whether a proof of consistency gives both roots, by the steps of RFC 9162 section 2.1.4.2.
    static func isConsistent(_ old: TreeHead, _ new: TreeHead, _ proof: [SHA256Hash]) -> Bool {
        guard old.size > 0, old.size < new.size else { return proof.isEmpty && (old.size == 0 || old == new) }
        var path = proof[...]
        // The root of a complete old tree is the first element, which is not sent.
        if old.size.nonzeroBitCount == 1 { path = [old.root] + proof }
        guard let start = path.popFirst() else { return false }
        let shift = UInt64((~(old.size - 1)).trailingZeroBitCount)
        var (first, last) = ((old.size - 1) >> shift, (new.size - 1) >> shift)
        var (older, newer) = (start, start)
        for hash in path {
            guard last > 0 else { return false }
            if first & 1 == 1 || first == last {
                (older, newer) = (MerkleTree.node(hash, older), MerkleTree.node(hash, newer))
                while first & 1 == 0, first > 0 { (first, last) = (first >> 1, last >> 1) }
            } else {
                newer = MerkleTree.node(newer, hash)
            }
            (first, last) = (first >> 1, last >> 1)
        }
        return last == 0 && older == old.root && newer == new.root
    }

    /// The largest power of two that is smaller than a number above one.
    private static func half(_ count: UInt64) -> UInt64 {
        UInt64(1) << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
