package import Audit
import PostgreSQL

/// Verifies the central copy of one instance's journal as `audit verify` does for a directory: from the raw lines and the signed notes alone.
/// Memory use is constant: rows and checkpoints are read one after the other.
///
/// 1. A row's columns are compared with its line, so that changed columns can't falsify queries unnoticed.
/// 2. The first fault ends the reading of an instance.
/// 3. If the first records are missing without evidence, no root can be recomputed: the report says so, and counts no record as signed.
package struct CentralCopy {
    private let rows: PostgreSQLConnection
    /// A second connection, because the first is busy while rows are read.
    private let aside: PostgreSQLConnection

    /// Connects.
    package init(url: String) throws(SinkFailure) {
        rows = try PostgreSQLConnection(url: url, stop: StopSignal())
        aside = try PostgreSQLConnection(url: url, stop: StopSignal())
        try rows.run("SET statement_timeout = 0")
    }

    /// The instances that have records or checkpoints.
    package func instances() throws(SinkFailure) -> [String] {
        try rows.run("SELECT instance FROM hssgw_records GROUP BY 1 UNION SELECT instance FROM hssgw_checkpoints ORDER BY 1")
            .compactMap { $0.text(0) }
    }

    /// Whether two instances have the same record of this number.
    package func share(_ one: String, _ other: String, _ sequence: UInt64) throws(SinkFailure) -> Bool {
        let sql = "SELECT 1 FROM hssgw_records a JOIN hssgw_records b USING (seq, line) WHERE a.instance = $1 AND b.instance = $2 AND seq = $3"
        return try !aside.run(sql, [one, other, String(sequence)]).isEmpty
    }

    /// The journals that the auditor's keys and checkpoints vouch for, and of which the database has nothing.
    /// - Parameter instance: only this one's; the keys are its own then.
    package func missing(_ instance: String?, _ trust: CentralTrust) throws(SinkFailure) -> [VerificationReport] {
        let present = try instances()
        if let instance {
            guard !present.contains(instance) else { return [] }
            let size = trust.largest(CheckpointKey.origin(of: instance))
            return trust.keys.isEmpty && size == nil ? [] : [Self.gone(instance, size)]
        }
        var known: Set<String> = []
        for name in present { known.formUnion([CheckpointKey.origin(of: name), try CheckpointPages(name, aside).firstOrigin() ?? ""]) }
        return trust.origins.subtracting(known).sorted().map { Self.gone(CheckpointKey.instance(of: $0), trust.largest($0)) }
    }

    private static func gone(_ instance: String, _ size: UInt64?) -> VerificationReport {
        var report = VerificationReport()
        report.instance = instance
        let (last, witness): (UInt64, String) =
            if let size, size > 0 {
                (size - 1, "a checkpoint from elsewhere covers \(size) records")
            } else {
                (0, "a key that was given is this journal's")
            }
        report.fault = .init(kind: .cutTail, first: 0, last: last, sentence: "all records are gone: \(witness), and the database has none")
        return report
    }

    /// Verifies one instance.
    package func verify(_ instance: String, _ trust: CentralTrust = CentralTrust()) throws(SinkFailure) -> VerificationReport {
        let removed = if let removed = trust.removed { removed } else { try CentralBeginning.find(instance, aside) }
        var reading = CentralReading(
            instance, try CentralJury(instance, trust, CheckpointPages(instance, aside)), removed, try SetAsideRecords(instance, aside))
        try reading.begin()
        try rows.stream(
            "SELECT \(CentralRow.columns), line FROM hssgw_records WHERE instance = $1 ORDER BY seq", [instance]
        ) { row throws(SinkFailure) in
            try reading.take(row)
            return reading.report.fault == nil && reading.misplaced == nil
        }
        if let misplaced = reading.misplaced {
            reading.blame(try CentralDiagnosis(instance, aside).fault(misplaced))
        }
        return try reading.close()
    }
}
