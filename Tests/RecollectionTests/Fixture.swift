import Glibc
import Testing

@testable import Audit
@testable import Recollection

/// A journal in its own directory that can be closed and opened again.
final class JournalFolder {
    let path: String
    private(set) var journal: Journal

    init() throws {
        var template = Array("/tmp/hssgw-recollection-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template))) + "/audit"
        journal = try Self.open(path)
    }

    static func open(_ path: String) throws -> Journal {
        var configuration = JournalConfiguration(directory: path, gateway: Record.Gateway(instance: "t", version: "0", configSHA256: "0"))
        configuration.rotateSize = 4 << 10
        return try Journal.open(configuration)
    }

    func reopen() throws {
        journal.close()
        journal = try Self.open(path)
    }

    /// Waits until the disk has every record.
    func sync() throws {
        let (end, deadline) = (journal.appended, ContinuousClock.now + .seconds(60))
        _ = try journal.requestSync(upTo: end)
        while journal.durable < end, ContinuousClock.now < deadline { usleep(1_000) }
        try #require(journal.durable >= end)
    }

    var snapshot: String { path + "/" + MemoryFile.name }

    func recall(at time: Timestamp = .now()) throws -> Recall {
        try journal.write()
        return try Recall(directory: path, asOf: time)
    }

    deinit {
        journal.close()
        var pid = pid_t()
        let words: [String] = ["rm", "-rf", String(path.dropLast("/audit".count))]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        if posix_spawnp(&pid, "rm", nil, nil, arguments, environ) == 0 { waitpid(pid, nil, 0) }
        for argument in arguments { free(argument) }
    }
}

/// An exchange's closing record.
struct Exchange {
    var caller: String? = "a"
    var kind: Record.Kind? = .export
    var phase = Record.Phase.response
    var status: Int? = 200
    var outcome: Record.Outcome? = .success
    var attempts: Int? = 1
    var task: String?
    var file: String?
    var project = "p1"
    var time = Timestamp.now()

    func record(_ identifiers: RecordIDGenerator) -> Record {
        var record = Record(id: identifiers.next(at: time), phase: phase, time: time)
        record.caller = Record.Caller(name: caller, method: "cidr", address: "10.0.0.1")
        record.operation = "ExportVuls"
        record.kind = kind
        record.reason = "the \"export\" of \\ \u{1} 审计"
        record.project = Record.Project(name: "north", id: project, region: "r")
        record.status = status
        record.outcome = outcome
        record.requestBody = Record.RequestBody(bytes: 3, sha256: SHA256Hash(bytes: SIMD32(repeating: 7)))
        if let attempts { record.upstream = Record.Upstream(requestID: "u", attempts: attempts) }
        if task != nil || file != nil { record.export = Record.Export(taskID: task, fileID: file, recordTotalNum: 9) }
        return record
    }
}
