import Audit
import PostgreSQL

/// Restores lost rows of the central copy from the journal. Existing rows are never changed: one that differs from the journal is
/// evidence.
package struct CentralRepair {
    /// What was found and done.
    package struct Outcome: Sendable, Hashable {
        /// Rows compared with the journal.
        package var compared: UInt64 = 0
        /// Rows that were missing and were restored.
        package var restored: UInt64 = 0
        /// Records whose row has a different content, the first of them.
        package var different: [UInt64] = []
        /// How many such records there are.
        package var differences: UInt64 = 0
        /// Records that the tables refused.
        package var refused = 0
    }

    /// The most record numbers that are listed.
    private static let mostNamed = 20

    private let journal: JournalView
    private let url: String
    private let stop = StopSignal()

    /// - Parameter journal: the repair may go up to `durable`; it ends before the newest row anyway, since shipping continues from there.
    package init(_ journal: JournalView, url: String) {
        self.journal = journal
        self.url = url
    }

    /// Compares row by row, with constant memory.
    package func run() throws(SinkFailure) -> Outcome {
        let writer = PostgreSQLSink(stop: stop, repairing: url)
        let newest = try writer.openForRepair(in: journal)
        guard let newest else { throw SinkFailure("the database has no records of \(journal.instance)") }
        let rows = try PostgreSQLConnection(url: url, stop: stop)
        let aside = try SetAsideRecords(journal.instance, try PostgreSQLConnection(url: url, stop: stop))
        try rows.run("SET statement_timeout = 0")
        var walk = Walk(reader: JournalReader(directory: journal.directory), writer: writer, aside: aside)
        try rows.stream(
            "SELECT seq, line FROM hssgw_records WHERE instance = $1 AND seq <= $2 ORDER BY seq", [journal.instance, String(newest)]
        ) { row throws(SinkFailure) in
            guard let number = row.integer(0).flatMap({ UInt64(exactly: $0) }), let line = row.bytes(1) else { return true }
            try walk.meet(number, line)
            return true
        }
        try walk.flush()
        return walk.outcome
    }

    /// Reads the journal's records in step with the rows.
    private struct Walk: ~Copyable {
        var reader: JournalReader
        let writer: PostgreSQLSink
        let aside: SetAsideRecords
        var outcome = Outcome()
        var missing: RecordBatch

        init(reader: consuming JournalReader, writer: PostgreSQLSink, aside: SetAsideRecords) {
            self.reader = reader
            self.writer = writer
            self.aside = aside
            missing = RecordBatch(writer.bounds)
        }

        /// Processes a row: records of the journal before it are missing from the copy.
        mutating func meet(_ number: UInt64, _ line: [UInt8]) throws(SinkFailure) {
            var isDone = false
            while !isDone {
                var batch = missing
                var (compared, isSame) = (false, true)
                do throws(JournalError) {
                    // Bounded: a row's number has 63 bits.
                    try reader.forEachRecord(before: SequenceNumber(number + 1)) { sequence, own in
                        if sequence.value < number {
                            batch.add(sequence, own)
                            return !batch.isFull
                        }
                        (compared, isSame) = (true, own.elementsEqual(line))
                        return false
                    }
                } catch {
                    throw SinkFailure("the journal can't be read")
                }
                missing = batch
                isDone = !missing.isFull || compared
                if missing.isFull { try flush() }
                guard compared else { continue }
                outcome.compared += 1
                guard !isSame else { continue }
                outcome.differences += 1
                if outcome.different.count < CentralRepair.mostNamed { outcome.different.append(number) }
            }
        }

        /// Restores what is missing and was not set aside.
        mutating func flush() throws(SinkFailure) {
            var rest = RecordBatch(writer.bounds)
            var numbers: [UInt64] = []
            missing.forEach { number, _ in numbers.append(number) }
            var known: Set<UInt64> = []
            // Bounded: indices of a list in memory.
            for number in numbers where try !aside.leaves(from: number, before: number.saturatingSum(1)).isEmpty { known.insert(number) }
            missing.forEach { number, line in
                if !known.contains(number) { rest.add(SequenceNumber(number), line) }
            }
            missing = RecordBatch(writer.bounds)
            guard !rest.isEmpty else { return }
            let refused = try writer.deliver(rest)
            outcome.refused += refused.count
            outcome.restored += UInt64(max(0, rest.count - refused.count))
        }
    }
}
