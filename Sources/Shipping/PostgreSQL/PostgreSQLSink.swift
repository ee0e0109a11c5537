package import Audit
import PostgreSQL

/// Ships to PostgreSQL.
///
/// 1. The position is read from the database at each connection, so a batch whose commit was not confirmed is neither lost nor sent twice;
///    the primary key (instance, seq) excludes duplicates in any case.
/// 2. One session ships for an instance: it holds an advisory lock that ends with the session.
/// 3. A record that the tables refuse is set aside (`hssgw_set_aside`), as long as they accept others.
/// 4. Rollups are updated in the same transaction (`CentralRollups`); if that fails, the records are copied all the same.
/// 5. A database that has another journal under this instance's name is never written to.
package final class PostgreSQLSink: RecordSink {
    package let bounds = RecordBatch.Bounds(records: 5_000, bytes: 4 << 20)
    private let url: @Sendable () throws(SinkFailure) -> String
    private let stop: StopSignal
    private var connection: PostgreSQLConnection?
    /// Where it leads, a secret, as long as that is to follow the URL; and when that was compared last with where the URL leads.
    private var destination: String?
    private var compared: Int64 = 0
    private static let comparison = Duration.seconds(2)
    private var rollups: CentralRollups?
    private var instance = ""
    /// The line of a record that the tables have accepted.
    private var control: [UInt8]?

    package init(stop: StopSignal, url: @escaping @Sendable () throws(SinkFailure) -> String) {
        self.url = url
        self.stop = stop
    }

    /// A sink for restoring rows, besides a gateway that may be shipping newer ones.
    convenience init(stop: StopSignal, repairing url: String) {
        self.init(stop: stop) { () throws(SinkFailure) in url }
    }

    /// Connects without the advisory lock; returns the number of the newest row, after checking that it is a record of this
    /// journal.
    func openForRepair(in journal: JournalView) throws(SinkFailure) -> UInt64? {
        let connection = try PostgreSQLConnection(url: try url(), stop: stop)
        try Self.judgeEncoding(connection)
        try CentralSchema.prepare(connection)
        instance = journal.instance
        _ = try position(connection, journal)
        self.connection = connection
        rollups = CentralRollups(instance, connection)
        let newest = try connection.run("SELECT max(seq) FROM hssgw_records WHERE instance = $1", [instance]).first?.integer(0)
        return newest.flatMap { UInt64(exactly: $0) }
    }

    package func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        let destination = try url()
        let connection = try PostgreSQLConnection(url: destination, stop: stop)
        try Self.judgeEncoding(connection)
        try CentralSchema.prepare(connection)
        instance = journal.instance
        guard try connection.run("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", ["hss-gateway/" + instance]).first?.text(0) == "t" else {
            throw SinkFailure("another session ships for the instance \(instance)")
        }
        let position = try position(connection, journal)
        self.connection = connection
        (self.destination, compared) = (destination, StopSignal.uptime())
        rollups = CentralRollups(instance, connection)
        return position
    }

    /// Records contain text in any script, and the copy must be identical byte for byte.
    private static func judgeEncoding(_ connection: PostgreSQLConnection) throws(SinkFailure) {
        let encoding = try connection.run("SHOW server_encoding").first?.text(0) ?? ""
        guard encoding == "UTF8" || encoding == "SQL_ASCII" else {
            throw SinkFailure("the database's encoding is \(encoding), which can't hold the records' text: copy into a database with ENCODING 'UTF8'")
        }
    }

    /// The number after the last record that the database has or has set aside, after checking that it is a record of this
    /// journal.
    private func position(_ connection: PostgreSQLConnection, _ journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        let last = try connection.run(
            "SELECT seq, line FROM hssgw_records WHERE instance = $1 ORDER BY seq DESC LIMIT 1", [journal.instance]
        ).first
        let aside = try connection.run(
            "SELECT seq, leaf FROM hssgw_set_aside WHERE instance = $1 ORDER BY seq DESC LIMIT 1", [journal.instance]
        ).first
        control = last?.bytes(1)
        let other = SinkFailure("the database has records of another journal under the instance \(journal.instance)")
        var end: SequenceNumber?
        for (row, isAside) in [(last, false), (aside, true)] {
            guard let row, let number = row.integer(0), number >= 0 else { continue }
            let sequence = SequenceNumber(UInt64(number))
            let line = try journal.line(of: sequence)
            let leaf = line.map { $0.withUnsafeBytes { MerkleTree.leaf($0) }.description }
            guard sequence < journal.durable(), line == nil || (isAside ? leaf == row.text(1) : line == row.bytes(1)) else { throw other }
            end = max(end ?? sequence, sequence)
        }
        guard let end else { return try CentralBeginning.settle(journal, connection) }
        return end.advanced(by: 1)
    }

    package func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords {
        guard let connection else { throw SinkFailure("not connected") }
        try judgeDestination()
        var refused = RefusedRecords()
        var sieve = BatchSieve { [self] (batch) throws(SinkFailure) in
            let (reason, unreadable) = try copy(batch, connection)
            guard reason == nil else { return reason }
            if !unreadable.isEmpty {
                let reason = "the line is no record in UTF-8"
                try setAside(unreadable, reason, connection)
                refused.add(unreadable, because: reason)
            }
            control = batch.slice(batch.count - 1..<batch.count).withFirst { Array($0) }
            return nil
        } offerControl: { [self] () throws(SinkFailure) in
            try copyControl(connection)
        }
        try sieve.sift(batch)
        for (record, reason) in sieve.refused {
            try setAside(record, reason, connection)
            refused.add(record, because: reason)
        }
        try rollups?.catchUp()
        return refused
    }

    package func idle() throws(SinkFailure) {
        try judgeDestination()
        try rollups?.catchUp()
    }

    /// Throws when the URL has changed, so that the sink connects anew: anchors and retention read the URL each time, and must not use another
    /// database than this sink.
    private func judgeDestination() throws(SinkFailure) {
        let now = StopSignal.uptime()
        guard now - compared >= Self.comparison.wholeNanoseconds, !stop.isStopping else { return }
        compared = now
        guard let destination, let current = try? url(), current != destination else { return }
        throw SinkFailure("the database's URL was changed")
    }

    /// Copies a batch in one transaction, with its rollups: all rows or none. Returns why its content was refused, and the lines that no table could
    /// store.
    private func copy(_ batch: RecordBatch, _ connection: PostgreSQLConnection) throws(SinkFailure) -> (refusal: String?, unreadable: RecordBatch) {
        try connection.run("BEGIN")
        let (refusal, unreadable) = try copyRows(batch, connection)
        guard refusal == nil else {
            try connection.run("ROLLBACK")
            return (refusal, unreadable)
        }
        try rollups?.count(batch)
        try connection.run("COMMIT")
        return (nil, unreadable)
    }

    /// Rows are sent while the next ones are encoded, so that the server works meanwhile.
    private func copyRows(_ batch: RecordBatch, _ connection: PostgreSQLConnection) throws(SinkFailure) -> (refusal: String?, unreadable: RecordBatch)
    {
        var unreadable = RecordBatch(bounds)
        do throws(SinkFailure) {
            try connection.beginCopy("COPY hssgw_records (\(CentralRow.columns), line) FROM STDIN")
            var text = CopyText(instance: instance)
            var failure: SinkFailure?
            batch.forEach { (sequence, line) in
                guard failure == nil else { return }
                if !text.add(sequence, line: line) { unreadable.add(SequenceNumber(sequence), line) }
                guard text.bytes.count >= PostgreSQLConnection.pieceBytes else { return }
                do throws(SinkFailure) { try connection.put(text.bytes) } catch { failure = error }
                text.clear()
            }
            if let failure { throw failure }
            try connection.put(text.bytes)
            let sent = batch.count - unreadable.count
            guard try connection.endCopy() ?? sent == sent else {
                throw SinkFailure("the server stores fewer records than it is sent: drop the trigger that isn't ours")
            }
        } catch {
            guard error.isAboutContent else { throw error }
            return (error.reason, unreadable)
        }
        return (nil, unreadable)
    }

    /// Sends a record that the tables have accepted once more, under another instance's name and without storing
    /// it.
    private func copyControl(_ connection: PostgreSQLConnection) throws(SinkFailure) -> Bool? {
        guard let control else { return nil }
        var batch = RecordBatch(bounds)
        let number = control.withUnsafeBytes { line -> Int64? in
            guard let number = RecordFields(line)?.integer(.sequence), number >= 0 else { return nil }
            batch.add(SequenceNumber(UInt64(number)), line)
            return number
        }
        guard number != nil else { return nil }
        try connection.run("BEGIN")
        let own = instance
        instance += "/witness"
        defer { instance = own }
        let refusal = try copyRows(batch, connection).refusal
        try connection.run("ROLLBACK")
        return refusal == nil
    }

    /// Notes records that the tables refuse: number, leaf of the journal's tree and reason, so that the copy can be verified without their
    /// content.
    private func setAside(_ batch: RecordBatch, _ reason: String, _ connection: PostgreSQLConnection) throws(SinkFailure) {
        var rows: [(sequence: UInt64, leaf: String)] = []
        batch.forEach { sequence, line in rows.append((sequence, MerkleTree.leaf(line).description)) }
        for row in rows {
            try connection.run(
                "INSERT INTO hssgw_set_aside (instance, seq, leaf, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                [instance, String(row.sequence), row.leaf, reason])
        }
    }

    package func deliver(checkpoint note: String) throws(SinkFailure) {
        guard let connection else { throw SinkFailure("not connected") }
        try CentralCheckpoint.insert(note, of: instance, connection)
    }

    package func close() {
        rollups = nil
        connection = nil
    }
}
