package import Audit

/// Judges the central copy of one instance's journal as `audit verify` judges a directory: from the raw lines alone.
package struct CentralCopy {
    /// What is wrong with it; the first that is found.
    package enum Finding: Sendable, Hashable {
        /// A number that no row has.
        case missing(SequenceNumber)
        /// The line is no record of this number.
        case notThisRecord(SequenceNumber)
        /// The columns beside the line don't say what the line says, so queries would lie.
        case columnsDiffer(SequenceNumber)
        /// A checkpoint whose signature is not the journal's.
        case forgedCheckpoint(size: UInt64)
        /// Records up to this size are not those that the checkpoint was made of; those up to `intact` are.
        case rootDiffers(size: UInt64, intact: UInt64)
        /// Records that a checkpoint covers are not there.
        case cutTail(size: UInt64, records: UInt64)
    }

    package struct Report: Sendable {
        package let instance: String
        package var records: UInt64 = 0
        package var checkpoints = 0
        /// The size of the largest checkpoint that holds.
        package var covered: UInt64 = 0
        package var finding: Finding?
    }

    private let connection: PostgreSQLConnection

    package init(_ connection: PostgreSQLConnection) {
        self.connection = connection
    }

    /// The instances that have records or checkpoints.
    package func instances() throws(SinkFailure) -> [String] {
        try connection.run("SELECT instance FROM hssgw_records GROUP BY 1 UNION SELECT instance FROM hssgw_checkpoints ORDER BY 1")
            .compactMap { $0.text(0) }
    }

    /// - Parameter isGenuine: whether a note is signed by the journal's key.
    package func verify(_ instance: String, isGenuine: (String) -> Bool) throws(SinkFailure) -> Report {
        try connection.run("SET statement_timeout = 0")
        var notes = try checkpoints(of: instance)
        var report = Report(instance: instance)
        if let forged = notes.first(where: { !isGenuine($0.note) }) {
            report.finding = .forgedCheckpoint(size: forged.size)
            return report
        }
        var tree = MerkleTree()
        Self.settle(&notes, tree, &report)
        try connection.stream(
            "SELECT \(CentralRow.columns), line FROM hssgw_records WHERE instance = $1 ORDER BY seq", [instance]
        ) { row throws(SinkFailure) in
            guard report.finding == nil else { return false }
            report.finding = Self.judge(row, instance, next: tree.size)
            guard report.finding == nil, let line = row.bytes(CentralRow.count) else { return false }
            line.withUnsafeBytes { tree.append($0) }
            report.records = tree.size
            Self.settle(&notes, tree, &report)
            return report.finding == nil
        }
        if report.finding == nil, let next = notes.last { report.finding = .cutTail(size: next.size, records: tree.size) }
        return report
    }

    private static func judge(_ row: PostgreSQLRow, _ instance: String, next: UInt64) -> Finding? {
        let place = SequenceNumber(next)
        guard row.integer(1) == Int64(next) else { return .missing(place) }
        guard let line = row.bytes(CentralRow.count) else { return .notThisRecord(place) }
        return line.withUnsafeBytes { line in
            guard RecordFields(line)?.integer("seq") == Int64(next), let expected = CentralRow(instance: instance, sequence: next, line: line)
            else { return .notThisRecord(place) }
            return expected == CentralRow(row) ? nil : .columnsDiffer(place)
        }
    }

    /// Compares the roots of all checkpoints of the size that the tree has reached. They lie with the smallest last.
    private static func settle(_ notes: inout [(size: UInt64, root: String, note: String)], _ tree: MerkleTree, _ report: inout Report) {
        while let next = notes.last, next.size == tree.size, report.finding == nil {
            notes.removeLast()
            guard next.root == Base64.text(of: tree.root) else {
                report.finding = .rootDiffers(size: next.size, intact: report.covered)
                return
            }
            report.checkpoints += 1
            report.covered = next.size
        }
    }

    private func checkpoints(of instance: String) throws(SinkFailure) -> [(size: UInt64, root: String, note: String)] {
        try connection.run("SELECT size, root, note FROM hssgw_checkpoints WHERE instance = $1 ORDER BY size DESC", [instance]).compactMap { row in
            // What the note says counts; the columns beside it are for people.
            let note = row.text(2) ?? ""
            let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count > 3, let size = UInt64(lines[1]) else { return (UInt64(row.integer(0) ?? 0), "", note) }
            return (size, String(lines[2]), note)
        }.sorted { $0.size > $1.size }
    }
}
