import Audit
import Glibc

/// The journal: appending a record, and making a batch of them durable.
enum Journalling {
    static let batch: UInt64 = 64

    static func run() throws {
        let directory = "/tmp/hss-microbenchmarks-\(getpid())"
        defer { remove(directory) }
        let journal = try Journal.open(
            JournalConfiguration(directory: directory, gateway: Record.Gateway(instance: "bench", version: "0", configSHA256: "0"))
        )
        let record = record(journal)
        // Passed to the kernel now and then, as event loops do, so that memory is as in service.
        var count = 0
        try Stopwatch.time("number and encode a record", 20_000) {
            _ = try journal.append(record)
            count += 1
            if count % 64 == 0 { try journal.write() }
        }
        try Stopwatch.time("make a batch of \(batch) records durable", 50) {
            var last: SequenceNumber?
            for _ in 0..<batch { last = try journal.append(record) }
            guard let last else { return }
            while try !journal.requestSync(upTo: last.advanced(by: 1)) { usleep(20) }
        }
        journal.close()
    }

    /// A read's record.
    static func record(_ journal: Journal) -> Record {
        let now = Timestamp.now()
        var record = Record(id: journal.identifiers.next(at: now), phase: .response, time: now)
        record.requestID = "req-0123456789abcdef"
        record.caller = Record.Caller(name: "image-team", method: "cidr", address: "10.20.30.40")
        record.operation = "ListHostStatus"
        record.kind = .read
        record.method = "GET"
        record.path = Microbenchmarks.path
        record.query = "enterprise_project_id=0&limit=10&offset=0"
        record.project = Record.Project(name: "prod-north", id: "0123456789abcdef0123456789abcdef", region: "cn-north-4")
        record.credential = Record.Credential(name: "prod-keys", type: "aksk", accessKeyTail: "EY00")
        record.decision = .allow
        record.rule = "reads"
        record.status = 200
        record.outcome = .success
        record.source = .upstream
        record.upstream = Record.Upstream(requestID: "0123456789abcdef0123456789abcdef", attempts: 1)
        record.responseBody = Record.ResponseBody(bytes: 20_480)
        record.duration = .milliseconds(12)
        return record
    }

    static func remove(_ directory: String) {
        guard let stream = opendir(directory) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { unlink("\(directory)/\(name)") }
        }
        closedir(stream)
        rmdir(directory)
    }
}
