import Codecs

/// Builds proofs that any verifier of RFC 6962 accepts, in C2SP's forms. It trusts neither the ledger of hashes nor the segments: a proof that
/// does not give the checkpoint's root is never returned.
package struct Prover {
    /// Why a proof can't be made.
    package enum Fault: Error, Sendable, Hashable {
        /// No checkpoint covers the record, or there is no checkpoint of that size.
        case noCheckpoint
        /// The record, or what the proof needs, was removed after `audit.retain`.
        case removed(before: UInt64)
        /// The records don't give the root that the checkpoint signs: the journal should be verified.
        case broken
        /// The journal can't be read.
        case unreadable(JournalError)
    }

    private static let batch = 1 << 14

    /// Sources of hashes, the fastest first: stored roots of subtrees, the hashes of all leaves, the records themselves.
    private enum Basis: CaseIterable {
        case subtrees, leaves, records
    }

    private let directory: String
    private let store: CheckpointStore
    private var removed: RemovedPrefix?

    /// Makes a prover of the journal in a directory.
    package init(directory: String) {
        self.directory = directory
        store = CheckpointStore(directory: directory)
        if case .prefix(let prefix) = RemovedPrefix.load(directory) { removed = prefix }
    }

    /// A proof that a record is in the journal, as c2sp.org/tlog-proof: the record itself is the extra data.
    /// - Parameter size: which checkpoint; the newest when left out.
    package func inclusion(of sequence: UInt64, at size: UInt64? = nil) throws(Fault) -> String {
        guard let checkpoint = size.map(store.checkpoint) ?? store.newest() else { throw .noCheckpoint }
        let proof = try proof(of: sequence, under: checkpoint)
        return "c2sp.org/tlog-proof@v1\nextra \(Base64.encode(proof.line))\nindex \(sequence)\n" + Self.lines(proof.path) + "\n" + checkpoint.note
    }

    /// The newest checkpoint; nil if there is none.
    var newest: SignedCheckpoint? { store.newest() }

    /// A record's line and the hashes that lead from it to the root of a checkpoint, the lowest first.
    func proof(of sequence: UInt64, under checkpoint: SignedCheckpoint) throws(Fault) -> (line: [UInt8], path: [SHA256Hash]) {
        guard checkpoint.head.size > sequence else { throw .noCheckpoint }
        if let removed, sequence < removed.tree.size { throw .removed(before: removed.tree.size) }
        let line = try line(sequence)
        let leaf = line.withUnsafeBytes { MerkleTree.leaf($0) }
        let ranges = MerkleProof.inclusion(of: sequence, in: checkpoint.head.size)
        for basis in Basis.allCases {
            guard let path = try hashes(ranges, basis) else { continue }
            guard MerkleProof.root(leaf: leaf, index: sequence, size: checkpoint.head.size, path: path) == checkpoint.head.root else { continue }
            return (line, path)
        }
        throw .broken
    }

    /// A proof that a checkpoint extends an older one, in the form of c2sp.org/tlog-witness: `old` and its size, the
    /// hashes, the newer checkpoint.
    package func consistency(from old: UInt64, to size: UInt64? = nil) throws(Fault) -> String {
        guard let checkpoint = size.map(store.checkpoint) ?? store.newest(), checkpoint.head.size >= old else { throw .noCheckpoint }
        if let removed, old < removed.tree.size, old > 0 { throw .removed(before: removed.tree.size) }
        let ranges = MerkleProof.consistency(from: old, to: checkpoint.head.size)
        for basis in Basis.allCases {
            guard let all = try hashes(ranges + [0..<old], basis), let root = all.last else { continue }
            let proof = Array(all.dropLast())
            // The proof is checked in the same way as by its recipient: with the older root, which is signed if there is a checkpoint.
            let older = TreeHead(size: old, root: store.checkpoint(old)?.head.root ?? root)
            guard MerkleProof.isConsistent(older, checkpoint.head, proof) else { continue }
            return "old \(old)\n" + Self.lines(proof) + "\n" + checkpoint.note
        }
        throw .broken
    }

    private static func lines(_ hashes: [SHA256Hash]) -> String { hashes.map { $0.base64 + "\n" }.joined() }

    private func line(_ sequence: UInt64) throws(Fault) -> [UInt8] {
        var reader = JournalReader(directory: directory, from: SequenceNumber(sequence))
        var found: [UInt8]?
        do throws(JournalError) {
            try reader.forEachRecord(before: SequenceNumber(sequence + 1)) { _, line in
                found = Array(line)
                return false
            }
        } catch {
            throw .unreadable(error)
        }
        guard let found else { throw .broken }
        return found
    }

    /// The hashes of subtrees; nil if a leaf is missing.
    private func hashes(_ ranges: [Range<UInt64>], _ basis: Basis) throws(Fault) -> [SHA256Hash]? {
        let start = removed?.tree.size ?? 0
        var trees = try beginnings(ranges, start)
        if basis == .subtrees {
            do throws(Fault) {
                for index in ranges.indices { try grow(&trees[index], from: max(ranges[index].lowerBound, start), to: ranges[index].upperBound) }
            } catch {
                if case .broken = error { return nil }
                throw error
            }
            return trees.map(\.root)
        }
        let wanted = ranges.indices.filter { ranges[$0].upperBound > start }
        guard let end = wanted.map({ ranges[$0].upperBound }).max() else { return trees.map(\.root) }
        let first = max(start, wanted.map { ranges[$0].lowerBound }.min() ?? start)
        let isComplete = try forEachLeaf(first..<end, usesLedger: basis == .leaves) { number, leaf in
            for index in wanted where ranges[index].contains(number) { trees[index].append(leaf: leaf) }
        }
        return isComplete ? trees.map(\.root) : nil
    }

    /// The hashes of ranges in the file about removed records.
    private func beginnings(_ ranges: [Range<UInt64>], _ start: UInt64) throws(Fault) -> [MerkleTree] {
        var trees: [MerkleTree] = []
        for range in ranges {
            var tree = MerkleTree()
            if range.lowerBound < start, let removed {
                guard let known = removed.subtree(range.lowerBound..<min(range.upperBound, start)) else { throw .removed(before: start) }
                tree = known
            }
            trees.append(tree)
        }
        return trees
    }

    /// Appends the leaves between two numbers, in the largest possible complete subtrees.
    private func grow(_ tree: inout MerkleTree, from first: UInt64, to end: UInt64) throws(Fault) {
        var place = first
        while place < end {
            let level = min(place == 0 ? 63 : place.trailingZeroBitCount, 63 - (end - place).leadingZeroBitCount)
            tree.append(subtree: try SubtreeLedger.root(directory, first: place, level: level, leaves: leaves), level: level)
            place += UInt64(1) << UInt64(level)
        }
    }

    /// Some leaves, from the ledger or, if it doesn't have them, from the records.
    private func leaves(_ first: UInt64, _ count: Int) throws(Fault) -> [SHA256Hash] {
        var leaves: [SHA256Hash] = []
        let isComplete = try forEachLeaf(first..<first + UInt64(count), usesLedger: true) { _, leaf in leaves.append(leaf) }
        guard isComplete else { throw .broken }
        return leaves
    }

    private func forEachLeaf(
        _ range: Range<UInt64>, usesLedger: Bool, _ body: (UInt64, SHA256Hash) -> Void
    ) throws(Fault) -> Bool {
        var place = range.lowerBound
        while usesLedger, place < range.upperBound {
            let leaves = LeafLedger.read(directory, from: place, limit: Int(min(UInt64(Self.batch), range.upperBound - place)))
            if leaves.isEmpty { break }
            for leaf in leaves {
                body(place, leaf)
                place += 1
            }
        }
        guard place < range.upperBound else { return true }
        var reader = JournalReader(directory: directory, from: SequenceNumber(place))
        do throws(JournalError) {
            try reader.forEachRecord(before: SequenceNumber(range.upperBound)) { number, line in
                guard number.value == place else { return false }
                body(place, MerkleTree.leaf(line))
                place += 1
                return true
            }
        } catch {
            throw .unreadable(error)
        }
        return place == range.upperBound
    }
}
