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
