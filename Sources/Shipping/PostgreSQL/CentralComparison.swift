package import Audit
import PostgreSQL

/// Compares the central copy of a journal with the journal itself.
package enum CentralComparison {
    /// What is wrong with the copy of some records, a sentence; nil when it is complete.
    ///
    /// - Parameters:
    ///   - beginning: the tree over everything before them.
    ///   - end: the journal's size and root after them.
    package static func objection(
        _ instance: String, _ beginning: MerkleTree, _ end: TreeHead, url: String, stop: StopSignal
    ) throws(SinkFailure) -> String? {
        let rows = try PostgreSQLConnection(url: url, stop: stop)
        let aside = try SetAsideRecords(instance, try PostgreSQLConnection(url: url, stop: stop))
        try rows.run("SET statement_timeout = 0")
        var tree = beginning
        var gap: UInt64?
        func pass(before end: UInt64) throws(SinkFailure) {
            while tree.size < end {
                let leaves = try aside.leaves(from: tree.size, before: end)
                guard !leaves.isEmpty else { return }
                for leaf in leaves { tree.append(leaf: leaf) }
            }
        }
        try rows.stream(
            "SELECT seq, line FROM hssgw_records WHERE instance = $1 AND seq >= $2 AND seq < $3 ORDER BY seq",
            [instance, String(beginning.size), String(end.size)]
        ) { row throws(SinkFailure) in
            guard gap == nil, !stop.isStopping, let number = row.integer(0).flatMap({ UInt64(exactly: $0) }), let line = row.bytes(1) else {
                return false
            }
            try pass(before: number)
            guard number == tree.size else {
                gap = tree.size
                return false
            }
            line.withUnsafeBytes { tree.append($0) }
            return true
        }
        if stop.isStopping { throw SinkFailure("the gateway stops") }
        try pass(before: end.size)
        let repair = "`audit repair-database` puts back what is missing"
        guard tree.size == end.size else { return "record \(gap ?? tree.size) is missing from the copy of \(instance); \(repair)" }
        guard tree.root == end.root else {
            return
                "records \(beginning.size) to \(max(end.size, 1) - 1) of the copy of \(instance) are not those of the journal: "
                + "run `audit verify-database`"
        }
        return nil
    }
}
