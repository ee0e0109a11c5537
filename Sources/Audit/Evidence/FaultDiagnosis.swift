/// Determines which record was changed, and how, if a root does not match.
///
/// With the hashes of the leaves (`LeafLedger`), which are proven if they give the checkpoint's root, the result is exact. Without them it uses the
/// numbers in the records, or only the range between two checkpoints.
struct FaultDiagnosis {
    /// Maximum number of records that are compared; a checkpoint every million records is the setting's upper bound.
    private static let window = 1 << 20
    /// How far away a moved record is searched for.
    private static let reach = 4_096

    private let store: CheckpointStore
    private let good: MerkleTree
    private let place: UInt64?
    private let signed: UInt64?

    /// A line on the disk, after the last good checkpoint.
    private struct Line {
        let hash: SHA256Hash
        let number: UInt64?
    }

    /// - Parameters:
    ///   - good: the tree at the last checkpoint that matched.
    ///   - place: the number that has no record or a wrong one; nil if all numbers are right and only the root doesn't match.
    ///   - signed: the size of the next checkpoint, if there is one.
    init(_ store: CheckpointStore, good: MerkleTree, place: UInt64?, signed: UInt64?) {
        self.store = store
        self.good = good
        self.place = place
        self.signed = signed
    }

    /// The fault; `found` is the number of the record found there.
    func fault(_ found: UInt64?) -> VerificationReport.Fault {
        let lines = lines()
        if let truth = truth(), let fault = compare(lines, with: truth) { return fault }
        guard let place else {
            let last = (signed ?? good.size + 1) - 1
            return fault(
                .changed, good.size, last,
                "one or more of the records \(good.size) to \(last) were changed: the checkpoint of \(good.size) fits, that of \(last + 1) does not. "
                    + "The hashes that would tell which are missing")
        }
        return byNumbers(lines, place, found)
    }

    private func fault(_ kind: VerificationReport.Kind, _ first: UInt64, _ last: UInt64, _ sentence: String) -> VerificationReport.Fault {
        .init(kind: kind, first: first, last: last, sentence: sentence)
    }

    /// The leaves up to the next checkpoint, if the ledger has them and they give its root.
    private func truth() -> [SHA256Hash]? {
        guard let signed, signed > good.size, signed - good.size <= UInt64(Self.window), let checkpoint = store.checkpoint(signed) else { return nil }
        var leaves: [SHA256Hash] = []
        let count = Int(signed - good.size)
        while leaves.count < count {
            let more = LeafLedger.read(store.directory, from: good.size + UInt64(leaves.count), limit: count - leaves.count)
            if more.isEmpty { return nil }
            leaves += more
        }
        var tree = good
        for leaf in leaves { tree.append(leaf: leaf) }
        return tree.head == checkpoint.head ? leaves : nil
    }

    /// The lines on the disk from the last good checkpoint on, whatever they contain.
    private func lines() -> [Line] {
        guard let names = try? DirectoryListing.segments(under: store.directory) else { return [] }
        let span = min(max(signed ?? 0, place ?? 0, good.size) - good.size, UInt64(Self.window))
        let limit = min(Self.window, Int(span) * 2 + Self.reach)
        var lines: [Line] = []
        var begun = false
        for (index, name) in names.enumerated() {
            let following = index + 1 < names.count ? names[index + 1].first : .max
            guard following > good.size else { continue }
            guard var source = try? LineSource(name, under: store.directory) else { break }
            var skip = begun ? 0 : good.size - min(name.first, good.size)
            begun = true
            while lines.count < limit, let line = try? source.next() {
                if skip > 0 {
                    skip -= 1
                    continue
                }
                let number = RecordLine(line)?.sequence
                if let number, number >= following { break }
                lines.append(Line(hash: MerkleTree.leaf(line), number: number))
            }
            if lines.count >= limit { break }
        }
        return lines
    }

    private func compare(_ lines: [Line], with truth: [SHA256Hash]) -> VerificationReport.Fault? {
        guard let at = truth.indices.first(where: { $0 >= lines.count || lines[$0].hash != truth[$0] }) else { return nil }
        let first = good.size + UInt64(at)
        func number(_ index: Int) -> UInt64 { good.size + UInt64(index) }
        guard at < lines.count else {
            return fault(.removed, first, number(truth.count - 1), "records \(first) to \(number(truth.count - 1)) were removed")
        }
        let near = at + 1..<max(at + 1, min(at + 1 + Self.reach, max(truth.count, lines.count)))
        let moved = near.first { $0 < lines.count && lines[$0].hash == truth[at] }
        if let from = near.first(where: { $0 < truth.count && truth[$0] == lines[at].hash }) {
            if moved != nil { return fault(.reordered, first, number(from), "records \(first) to \(number(from)) stand in another order") }
            let what = from == at + 1 ? "record \(first) was removed" : "records \(first) to \(number(from - 1)) were removed"
            return fault(.removed, first, number(from - 1), what)
        }
        if let moved {
            if let original = truth[..<at].lastIndex(of: lines[at].hash) {
                return fault(.duplicated, first, first, "in the place of record \(first) stands record \(number(original)) a second time")
            }
            let what = moved == at + 1 ? "a record that was never written stands" : "\(moved - at) records that were never written stand"
            return fault(.inserted, first, first, "in the place of record \(first) \(what)")
        }
        return fault(.changed, first, first, "record \(first) was changed: it is not the one that was signed")
    }

    /// The diagnosis from the numbers, without the hashes.
    private func byNumbers(_ lines: [Line], _ place: UInt64, _ found: UInt64?) -> VerificationReport.Fault {
        let at = Int(place - good.size)
        guard let found, found != place else {
            return fault(.changed, place, place, "record \(place) was changed: what stands in its place is no record of this journal's form")
        }
        let behind = at < lines.count ? lines[at...].prefix(Self.reach) : []
        if found > place {
            if behind.contains(where: { $0.number == place }) {
                return fault(.reordered, place, found, "records \(place) to \(found) stand in another order")
            }
            return fault(
                .removed, place, found - 1, "records \(place) to \(found - 1) were removed: record \(found) stands behind \(Int64(place) - 1)")
        }
        let earlier = found >= good.size && found - good.size < UInt64(at) ? lines[Int(found - good.size)] : nil
        if let earlier, at < lines.count, earlier.hash == lines[at].hash {
            return fault(.duplicated, place, place, "in the place of record \(place) stands record \(found) a second time")
        }
        if found < good.size {
            return fault(.duplicated, place, place, "in the place of record \(place) stands one with the number \(found), which is taken")
        }
        return fault(
            .inserted, found, place, "in the place of record \(place) stands another record with the number \(found): one of the two was inserted")
    }
}
