import Assembly
import Catalogue
import Codecs
import Glibc

/// The complete request of an export.
struct ExportRequest: Sendable {
    let operation: Operation
    let project: String
    let enterpriseProject: String?
    let query: [(name: String, value: String)]
    let body: [UInt8]?
    let reason: String?
    /// A task that exists already.
    let task: String?
    /// The `Idempotency-Key`, so that repeated requests create only one task.
    let key: String
    let output: String?
    let replaces: Bool
    let patience: Duration

    static func newKey() -> String {
        "export-" + String(UInt64.random(in: .min ... .max), radix: 16) + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// The body that is sent: empty if the operation takes one and none was given.
    var content: [UInt8]? {
        if let body { return body }
        return switch operation.requestBody {
        case .none: nil
        case .jsonArray: Array("[]".utf8)
        case .jsonObject, .multipart: Array("{}".utf8)
        }
    }

    /// The target of the first call.
    var creation: String { target(operation, [:], query) }

    /// The target of a following operation, from the parameters of its path.
    func target(_ operation: Operation, _ parameters: [String: String], _ query: [(name: String, value: String)] = []) -> String {
        var path = operation.template.replacing("{project_id}", with: Self.encoded(project))
        for (name, value) in parameters { path = path.replacing("{\(name)}", with: Self.encoded(value)) }
        var pairs = query
        if let enterpriseProject, operation.takesEnterpriseProject { pairs.append(("enterprise_project_id", enterpriseProject)) }
        guard !pairs.isEmpty else { return path }
        return path + "?" + pairs.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    var reasonField: [(name: String, value: String)] {
        guard let reason else { return [] }
        return [("X-Audit-Reason", reason.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "%") } ? reason : Self.encoded(reason))]
    }

    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let isPlain = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-._~".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            result += isPlain ? String(Unicode.Scalar(byte)) : "%" + (hex.utf8.count < 2 ? "0" : "") + hex
        }
        return result
    }
}

/// Runs one export: the task, its polls, its file. Temporary failures are retried, refusals are not.
final class ExportRun {
    /// How it ended.
    enum End {
        case done
        case failed(exit: Int32, String)
        case interrupted
    }

    /// An end, thrown to the caller of `run`.
    private struct Stop: Error {
        let end: End
    }

    static let taskFailed: Int32 = 6
    /// Maximum number of consecutive calls without an answer, or with an answer about a failed connection.
    private static let mostFailures = 5
    /// Pause between two polls: like HSS's own tools, and longer for long exports.
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(10)

    let request: ExportRequest
    private let client: GatewayClient
    private let report: ExportReport
    private let start = ContinuousClock.now
    private(set) var task: String?
    private var rows: String?
    private var audits: [String] = []
    /// The file, from when it is downloaded.
    private var partial: PartialFile?

    init(_ request: ExportRequest, client: GatewayClient, report: ExportReport) {
        self.request = request
        self.client = client
        self.report = report
        task = request.task
    }

    func end() async -> End {
        do throws(Stop) {
            try await run()
            return .done
        } catch {
            report.clear()
            return error.end
        }
    }

    private func run() async throws(Stop) {
        guard request.operation.exportStep == .create else { return try await fetch(request.creation, named: request.operation.name + ".json") }
        if task == nil { try await create() }
        guard let task else { throw Stop(end: .failed(exit: 1, "HSS answered the export without a task.")) }
        let (file, name) = try await poll(task)
        guard let download = Operation(named: "ListDownloadExportedFile") else { throw Stop(end: .failed(exit: 1, "There is no download.")) }
        try await fetch(request.target(download, ["file_id": file]), named: name, file: file)
    }

    // MARK: - The task

    private func create() async throws(Stop) {
        let fields = request.reasonField + [("Idempotency-Key", request.key), ("Content-Type", "application/json")]
        let method = request.operation.method.rawValue
        let answer = try await patiently { [client, request, isStopped] () async throws(GatewayClient.Fault) in
            try await client.call(method, request.creation, fields: fields, body: request.content, isStopped: isStopped)
        }
        let document = JSONDocument(answer.body)
        task = document?["task_id"]?.text
        rows = document?["record_total_num"]?.text
        note(answer)
        if let task { report.created(task, rows: rows, answer) }
    }

    private func poll(_ task: String) async throws(Stop) -> (file: String, name: String?) {
        let name = request.operation.template.hasPrefix("/v5/{project_id}/event/") ? "ShowExportTask" : "ListQueryExportTask"
        guard let operation = Operation(named: name) else { throw Stop(end: .failed(exit: 1, "There is no poll.")) }
        let target = request.target(operation, ["task_id": task])
        var pause = Self.firstPause
        var polls = 0
        while true {
            let answer = try await patiently { [client, request, isStopped] () async throws(GatewayClient.Fault) in
                try await client.call("GET", target, fields: request.reasonField, isStopped: isStopped)
            }
            polls += 1
            let document = JSONDocument(answer.body)
            let state = document?["task_status"]?.text ?? "unknown"
            report.polled(task, state: PrintableText.line(state), rows: rows, polls: polls, waited: ContinuousClock.now - start)
            switch state {
            case "success":
                note(answer)
                guard let file = document?["file_id"]?.text else {
                    throw Stop(end: .failed(exit: Self.taskFailed, "The task \(task) succeeded, and HSS names no file."))
                }
                return (file, document?["file_name"]?.text)
            case "failure", "failed":
                throw Stop(end: .failed(exit: Self.taskFailed, "The task \(task) failed at HSS.\(audit(of: answer))"))
            default:
                try await wait(pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    // MARK: - The file

    private func fetch(_ target: String, named name: String?, file: String? = nil) async throws(Stop) {
        let path = request.output ?? Self.plainName(name) ?? "export-\(file ?? "file").zip"
        // Before anything is downloaded that would have no name in the end.
        guard request.replaces || access(path, F_OK) != 0 else {
            throw Stop(end: .failed(exit: 1, "\(path) is there already; --force replaces it, --output names another.\(resumption)"))
        }
        let partial: PartialFile
        do throws(Failure) {
            partial = try PartialFile(path: path)
        } catch {
            throw Stop(end: .failed(exit: error.code.rawValue, error.message + resumption))
        }
        self.partial = partial
        let answer: GatewayClient.Answer
        do throws(Stop) {
            answer = try await patiently { [client, request, report, isStopped] () async throws(GatewayClient.Fault) in
                partial.restart()
                return try await client.call(
                    "GET", target, fields: request.reasonField,
                    sink: { piece in
                        guard partial.write(piece) else { return false }
                        report.received(partial.bytes)
                        return true
                    }, isStopped: isStopped)
            }
        } catch {
            partial.discard()
            throw error
        }
        note(answer)
        let facts = try finished(partial)
        report.done(
            ExportReport.Result(file: path, task: task, fileID: file, rows: rows, bytes: facts.bytes, sha256: facts.sha256, audits: audits))
    }

    /// How to get the file of a task that is done.
    private var resumption: String { task.map { " Go on later with --task \(PrintableText.line($0))." } ?? "" }

    private func finished(_ partial: PartialFile) throws(Stop) -> PartialFile.Facts {
        do throws(Failure) {
            return try partial.finish(replacing: request.replaces)
        } catch {
            throw Stop(end: .failed(exit: error.code.rawValue, error.message))
        }
    }

    /// HSS's name for the file, if it is a plain name in this directory, and none that other programs take for a flag; otherwise nil.
    private static func plainName(_ name: String?) -> String? {
        guard let name, !name.hasPrefix("."), !name.hasPrefix("-"), !name.isEmpty, name.utf8.count <= 200,
            name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") })
        else { return nil }
        return PrintableText.line(name)
    }

    // MARK: - Patience

    /// Whether a call under way ends: the user wants it, or the time for all of it is over.
    private var isStopped: @Sendable () -> Bool {
        let end = start + request.patience
        return { GatewayClient.Interruption.isWanted || ContinuousClock.now >= end }
    }

    private var late: Stop { Stop(end: .failed(exit: 1, "It takes longer than --timeout.\(continuation)")) }

    /// How to go on after a failure, with or without a task.
    private var continuation: String {
        task == nil && request.operation.exportStep == .create ? " Go on later with --idempotency-key \(request.key)." : resumption
    }

    private func note(_ answer: GatewayClient.Answer) {
        if let id = answer.auditID { audits.append(id) }
    }

    private func audit(of answer: GatewayClient.Answer) -> String { answer.auditID.map { " Audit-Id \($0)." } ?? "" }

    /// Calls until there is a final answer: a temporary refusal is retried after `Retry-After`, and a failed connection a few times.
    private func patiently(
        _ call: () async throws(GatewayClient.Fault) -> GatewayClient.Answer
    ) async throws(Stop) -> GatewayClient.Answer {
        var failures = 0
        while true {
            switch await Result(call) {
            case .success(let answer) where answer.status == 200: return answer
            case .success(let answer):
                let isForNow = [429, 503].contains(answer.status)
                failures += [502, 504].contains(answer.status) ? 1 : 0
                guard isForNow || [502, 504].contains(answer.status), failures < Self.mostFailures else { throw refused(answer) }
                let pause = Duration.seconds(answer.retryAfter.map { max(1, $0) } ?? 5)
                guard ContinuousClock.now - start + pause <= request.patience else { throw refused(answer) }
                report.waits(pause, code: RefusalText.code(of: answer))
                try await wait(pause)
            case .failure(.interrupted): throw GatewayClient.Interruption.isWanted ? Stop(end: .interrupted) : late
            case .failure(.notTaken):
                throw Stop(end: .failed(exit: 1, (partial?.trouble ?? "The file can't be written.") + resumption))
            case .failure(.unreachable(let sentence)):
                failures += 1
                guard failures < Self.mostFailures, ContinuousClock.now - start + .seconds(failures) <= request.patience else {
                    throw Stop(end: .failed(exit: 1, "No answer: \(sentence).\(continuation)"))
                }
                report.waits(.seconds(failures), code: sentence)
                try await wait(.seconds(failures))
            }
        }
    }

    private func refused(_ answer: GatewayClient.Answer) -> Stop {
        let task = task.map { " The task is \(PrintableText.line($0))." } ?? ""
        let flag = RefusalText.code(of: answer) == "HSSGW.4004" ? " The flag is --reason." : ""
        return Stop(end: .failed(exit: ClientOptions.refused, RefusalText.of(answer) + flag + task))
    }

    private func wait(_ pause: Duration) async throws(Stop) {
        let end = ContinuousClock.now + pause
        guard end - start <= request.patience else { throw late }
        while ContinuousClock.now < end {
            if GatewayClient.Interruption.isWanted { throw Stop(end: .interrupted) }
            try? await Task.sleep(for: min(.milliseconds(50), end - ContinuousClock.now))
        }
    }
}
