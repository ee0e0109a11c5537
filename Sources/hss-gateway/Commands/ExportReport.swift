import Assembly
import Codecs
import Glibc
import Synchronization

/// The output of an export: one line that is redrawn on a terminal, JSON objects in a pipe, and the result.
final class ExportReport: Sendable {
    /// The result of a successful export.
    struct Result {
        let file: String
        let task: String?
        let fileID: String?
        let rows: String?
        let bytes: Int
        let sha256: String
        let audits: [String]
    }

    private struct Drawing {
        var line: ProgressLine?
        var lastReceived = ContinuousClock.now
    }

    private let isQuiet: Bool
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let kind: String
    // Progress is reported by the command and by the client's event loop.
    private let drawing: Mutex<Drawing>

    init(isQuiet: Bool, kind: String) {
        self.isQuiet = isQuiet
        self.kind = kind
        drawing = Mutex(Drawing(line: isQuiet ? nil : ProgressLine()))
    }

    /// Pause between two lines about bytes in a pipe.
    private static let pause = Duration.seconds(1)

    func clear() { drawing.withLock { $0.line?.clear() } }

    func created(_ task: String, rows: String?, _ answer: GatewayClient.Answer) {
        line("created") { json in
            json.member("task_id", task)
            json.member("rows", rows.flatMap { Int64($0) })
            json.member("audit_id", answer.auditID)
            json.key("replayed")
            json.value(answer.isReplayed)
        }
        draw("created\(rows.map { ", \(PrintableText.line($0)) rows" } ?? "")")
    }

    func polled(_ task: String, state: String, rows: String?, polls: Int, waited: Duration) {
        line("poll") { json in
            json.member("task_id", task)
            json.member("state", state)
            json.member("polls", Int64(polls))
            json.member("waited_ms", Int64(waited / .milliseconds(1)))
        }
        draw("\(state)\(rows.map { ", \(PrintableText.line($0)) rows" } ?? ""), \(polls) polls, \(waited.components.seconds) s")
    }

    func waits(_ pause: Duration, code: String?) {
        line("waiting") { json in
            json.member("seconds", Int64(pause.components.seconds))
            json.member("because", code)
        }
        draw("waiting \(pause.components.seconds) s\(code.map { ": \(PrintableText.line($0))" } ?? "")")
    }

    func received(_ bytes: Int) {
        let isDue = drawing.withLock { drawing in
            guard ContinuousClock.now - drawing.lastReceived >= Self.pause else { return false }
            drawing.lastReceived = .now
            return true
        }
        if isDue { line("download") { $0.member("bytes", Int64(bytes)) } }
        draw("downloading, \(bytes) bytes")
    }

    func done(_ result: Result) {
        clear()
        guard isTerminal else {
            Console.output(Self.json("done", members(of: result)))
            return
        }
        var lines = [
            ("File", result.file), ("Rows", result.rows ?? "not said by HSS"), ("Bytes", String(result.bytes)), ("SHA-256", result.sha256),
        ]
        if let task = result.task { lines.append(("Task", task)) }
        lines.append(("Audit-Ids", result.audits.joined(separator: ", ")))
        Console.output(lines.map { PrintableText.line($0.0.padded(to: 10) + $0.1) }.joined(separator: "\n"))
    }

    private func members(of result: Result) -> (inout JSONWriter) -> Void {
        { json in
            json.member("file", result.file)
            json.member("task_id", result.task)
            json.member("file_id", result.fileID)
            json.member("rows", result.rows.flatMap { Int64($0) })
            json.member("bytes", Int64(result.bytes))
            json.member("sha256", result.sha256)
            json.list("audit_ids", result.audits) { $0.value($1) }
        }
    }

    private func draw(_ text: String) {
        drawing.withLock { $0.line?.show("\(kind): \(text)") }
    }

    private func line(_ event: String, _ members: (inout JSONWriter) -> Void) {
        guard !isQuiet, !isTerminal else { return }
        Console.output(Self.json(event, members))
    }

    private static func json(_ event: String, _ members: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object { json in
            json.member("event", event)
            members(&json)
        }
        return json.text
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
