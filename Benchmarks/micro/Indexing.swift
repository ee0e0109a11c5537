import Audit
import Glibc
import Inquiry

/// The index of the journal: the cost of reading and of indexing a record.
enum Indexing {
    private static let records = 20_000
    private static let rounds = 5

    static func run() throws { try run(records, rounds: rounds) }

    /// For callgrind: two runs with different numbers; the difference is the cost of the records.
    static func run(records: Int) throws { try run(records, rounds: 1) }

    private static func run(_ records: Int, rounds: Int) throws {
        let directory = "/tmp/hss-microbenchmarks-index-\(getpid())"
        defer {
            Journalling.remove(directory + "/index")
            Journalling.remove(directory)
        }
        let journal = try Journal.open(
            JournalConfiguration(directory: directory, gateway: Record.Gateway(instance: "bench", version: "0.2.0", configSHA256: configSHA256))
        )
        for number in 0..<records {
            _ = try journal.append(record(number, journal))
            if number % 64 == 0 { try journal.write() }
        }
        journal.close()
        let archive = RecordArchive(directory: directory)
        var nanoseconds: [Double] = []
        for _ in 0..<rounds {
            Journalling.remove(directory + "/index")
            nanoseconds.append(Stopwatch.nanoseconds { Sink.take(archive.refresh()) } / Double(records))
        }
        Stopwatch.report("index a record, with \(records) others", nanoseconds)
    }

    private static let configSHA256 = "d7f873db719d458b101b2cf322aa96b2db15d4a2044308776b45f969aee30fd1"
    private static let operations = ["ListHostStatus", "ListVulnerabilities", "ListImageVulnerabilities", "ListSecurityEvents"]

    /// As after a mixed load: a hundredth failed, a twentieth are exports.
    private static func record(_ number: Int, _ journal: Journal) -> Record {
        var record = Journalling.record(journal)
        record.caller = Record.Caller(name: "team-\(number % 5)", method: "api_key", address: "10.20.30.\(number % 200)")
        record.requestID = record.id.description
        record.operation = operations[number % operations.count]
        record.status = number % 100 == 0 ? 404 : 200
        record.outcome = number % 100 == 0 ? .failure : .success
        record.upstream = Record.Upstream(
            requestID: journal.identifiers.next(at: record.time).description, attempts: 1, connectMicroseconds: nil,
            firstByteMicroseconds: 9_000 + number % 4_000, totalMicroseconds: 9_200 + number % 4_000, error: nil)
        if number % 20 == 0 {
            record.kind = .export
            record.export = Record.Export(taskID: "task-\(number)")
        }
        record.responseBody = Record.ResponseBody(bytes: 20_480, sha256: SHA256Hash(hexadecimal: configSHA256))
        record.duration = .microseconds(9_400 + number * 7 % 4_000)
        return record
    }
}
