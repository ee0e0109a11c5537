import Audit
import PostgreSQL

/// Adds one instance's rows to the tree and compares them.
struct CentralReading {
    /// A row that contains another record than its number says.
    struct Misplaced {
        let place: UInt64
        let found: UInt64?
    }

    private(set) var report = VerificationReport()
    private(set) var misplaced: Misplaced?
    private let instance: String
    private var jury: CentralJury
    private var tree = MerkleTree()
    /// The number of the next row.
    private var next: UInt64?
    private let removed: RemovedPrefix?
    /// Whether the tree begins with the first record of the copy.
    private var hasBeginning = true
    /// Whether a record shows that those before the first were removed.
    private var isBeginningExplained = false

    /// Records that the tables refused, of which only a leaf is stored.
    private let aside: SetAsideRecords
    private var setAside: UInt64 = 0

    init(_ instance: String, _ jury: CentralJury, _ removed: RemovedPrefix?, _ aside: SetAsideRecords) {
        self.aside = aside
        self.instance = instance
        self.jury = jury
        self.removed = removed
        report.instance = instance
    }

    mutating func begin() throws(SinkFailure) {
        report.fault = try jury.judge(tree)
    }

    mutating func blame(_ fault: VerificationReport.Fault) { report.fault = fault }

    mutating func take(_ row: PostgreSQLRow) throws(SinkFailure) {
        guard report.fault == nil, let number = row.integer(1), number >= 0 else {
            report.fault = report.fault ?? fault(.inserted, 0, "a row has a number below 0, which no record has")
            return
        }
        let sequence = UInt64(number)
        if next == nil { try begin(at: sequence) }
        try passSetAside(before: sequence)
        guard report.fault == nil else { return }
        let expected = next ?? sequence
        guard sequence == expected else {
            // Bounded: the row's number is above the one expected.
            report.fault = .init(
                kind: .removed, first: expected, last: sequence - 1, sentence: "records \(expected) to \(sequence - 1) are missing from the copy")
            return
        }
        // Bounded: a row's number has 63 bits.
        next = sequence + 1
        guard let line = row.bytes(CentralRow.fields.count) else {
            report.fault = fault(.changed, sequence, "record \(sequence) has no line")
            return
        }
        line.withUnsafeBytes { take($0, row, sequence) }
        // Bounded: a row's number has 63 bits.
        guard report.fault == nil, misplaced == nil, tree.size == sequence + 1 else { return }
        report.fault = try jury.judge(tree)
    }

    /// Records from the next number on that were set aside: their leaves are part of the tree.
    private mutating func passSetAside(before end: UInt64) throws(SinkFailure) {
        while let place = next, place < end {
            let leaves = try aside.leaves(from: place, before: end)
            guard !leaves.isEmpty else { return }
            for leaf in leaves {
                // Bounded: by `end`.
                next = (next ?? place) + 1
                setAside += 1
                guard hasBeginning, next == tree.size + 1 else { continue }
                tree.append(leaf: leaf)
                report.fault = try jury.judge(tree)
                guard report.fault == nil else { return }
            }
        }
    }

    private mutating func begin(at row: UInt64) throws(SinkFailure) {
        // If the first records were set aside, the copy begins with them.
        let first = try aside.beginning(before: row) ?? row
        report.first = first
        next = first
        guard first > 0 else { return }
        if let removed, removed.tree.size >= first, jury.isGenuine(removed.checkpoint) {
            tree = removed.tree
        } else {
            hasBeginning = false
        }
    }

    private mutating func take(_ line: UnsafeRawBufferPointer, _ row: PostgreSQLRow, _ sequence: UInt64) {
        guard let fields = RecordFields(line), let expected = CentralRow(instance: instance, sequence: sequence, line: line) else {
            report.fault = fault(.changed, sequence, "record \(sequence) was changed: its line is no record of a journal")
            return
        }
        let found = fields.integer(.sequence).map { UInt64(clamping: $0) }
        guard found == sequence else {
            misplaced = Misplaced(place: sequence, found: found)
            return
        }
        guard expected == CentralRow(row) else {
            report.fault = fault(.changed, sequence, "record \(sequence) was changed: its columns don't say what its line says")
            return
        }
        if fields.text(.phase) == Record.Phase.event.rawValue {
            if fields.text(.event) == RemovedPrefix.event, let before = fields.object(.detail)?.integer("before").map({ UInt64(clamping: $0) }),
                before == report.first || before == removed?.tree.size
            {
                isBeginningExplained = true
            }
            report.fault = jury.learn(fields, sequence)
        }
        guard report.fault == nil, hasBeginning, sequence == tree.size else { return }
        tree.append(line)
    }

    private func fault(_ kind: VerificationReport.Kind, _ place: UInt64, _ sentence: String) -> VerificationReport.Fault {
        .init(kind: kind, first: place, last: place, sentence: sentence)
    }

    /// Checks the rest when all rows were read.
    mutating func close() throws(SinkFailure) -> VerificationReport {
        if report.fault == nil { try passSetAside(before: .max) }
        let end = next ?? 0
        if report.fault == nil, report.first > 0, !isBeginningExplained {
            // Bounded: not 0 here.
            report.fault = .init(
                kind: .removed, first: 0, last: report.first - 1,
                sentence: "records 0 to \(report.first - 1) are missing from the copy, and no record tells that the journal had removed them")
        }
        if report.fault == nil { report.fault = try jury.close(records: end) }
        report.records = end - min(report.first, end)
        report.head = hasBeginning ? tree.head : TreeHead(size: end, root: tree.root)
        (report.checkpoints, report.signed, report.isAnchored) = (jury.checked, jury.signed, jury.isAnchored)
        remark()
        return report
    }

    private mutating func remark() {
        report.remarks += jury.remarks
        if setAside > 0 {
            report.remarks.append(
                "the tables could not take \(setAside) records: their digests are here and fit, their content is in the journal alone")
        }
        if !hasBeginning {
            report.remarks.append(
                "the copy begins with record \(report.first), so no root can be recomputed and no checkpoint proves its records; give the journal's "
                    + "file `removed` with --removed, or verify the journal itself")
        } else if let removed, report.first > 0 {
            report.remarks.append("records before \(removed.tree.size) can't be proven from this copy: the checkpoint of that size stands for them")
        }
        if report.fault == nil, !report.isAnchored {
            report.remarks.append(
                "no checkpoint from outside the database was compared: whoever can write the database could have cut off its end together with the "
                    + "checkpoints that cover it; give one with --checkpoint")
        }
        if report.fault == nil, report.signed < report.head.size {
            report.remarks.append("records from \(max(report.signed, report.first)) on are not covered by a checkpoint")
        }
    }
}
