package import Audit

/// Ships to PostgreSQL.
///
/// 1. The position is read back from the database itself at each connection, so a batch whose commit nobody saw is neither lost nor sent twice;
///    the key (instance, seq) holds whatever happens.
/// 2. One session ships for an instance: it holds an advisory lock that ends with the session.
/// 3. A database that has another journal under this instance's name is never written to.
package final class PostgreSQLSink: RecordSink {
    package let bounds = RecordBatch.Bounds(records: 5_000, bytes: 4 << 20)
    private let url: @Sendable () throws(SinkFailure) -> String
    private let stop: StopSignal
    private var connection: PostgreSQLConnection?
    private var instance = ""

    package init(stop: StopSignal, url: @escaping @Sendable () throws(SinkFailure) -> String) {
        self.url = url
        self.stop = stop
    }

    package func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        let connection = try PostgreSQLConnection(url: try url(), stop: stop)
        try CentralSchema.prepare(connection)
        instance = journal.instance
        guard try connection.run("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", ["hss-gateway/" + instance]).first?.text(0) == "t" else {
            throw SinkFailure("another session ships for the instance \(instance)")
        }
        let position = try Self.position(connection, journal)
        self.connection = connection
        return position
    }

    /// Behind the last record that the database has, once that is known to be a record of this journal.
    private static func position(_ connection: PostgreSQLConnection, _ journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        let last = try connection.run(
            "SELECT seq, line FROM hssgw_records WHERE instance = $1 ORDER BY seq DESC LIMIT 1", [journal.instance]
        ).first
        guard let last, let number = last.integer(0), number >= 0 else { return try CentralBeginning.settle(journal, connection) }
        let sequence = SequenceNumber(UInt64(number))
        let line = try journal.line(of: sequence)
        guard sequence < journal.durable(), line == nil || line == last.bytes(1) else {
            throw SinkFailure("the database has records of another journal under the instance \(journal.instance)")
        }
        return sequence.advanced(by: 1)
    }

    /// Rows go out while the next ones are written, so that the server works meanwhile.
    package func deliver(_ batch: RecordBatch) throws(SinkFailure) -> Int {
        guard let connection else { throw SinkFailure("not connected") }
        try connection.beginCopy("COPY hssgw_records (\(CentralRow.columns), line) FROM STDIN")
        var text = CopyText(instance: instance)
        var unreadable = 0
        var failure: SinkFailure?
        batch.forEach { (sequence, line) in
            guard failure == nil else { return }
            if !text.add(sequence, line: line) { unreadable += 1 }
            guard text.bytes.count >= PostgreSQLConnection.pieceBytes else { return }
            do throws(SinkFailure) { try connection.put(text.bytes) } catch { failure = error }
            text.clear()
        }
        if let failure { throw failure }
        try connection.put(text.bytes)
        try connection.endCopy()
        return unreadable
    }

    package func deliver(checkpoint note: String) throws(SinkFailure) {
        guard let connection else { throw SinkFailure("not connected") }
        try CentralCheckpoint.insert(note, of: instance, connection)
    }

    package func close() {
        connection = nil
    }
}
