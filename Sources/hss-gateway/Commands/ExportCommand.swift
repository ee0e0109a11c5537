import ArgumentParser
import Assembly
import Catalogue
import Codecs
import Gateway
import Glibc

/// `export`: for callers: runs an export from creating its task to downloading its file.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export through a gateway: create the task, wait for it, download the file.",
        discussion: """
            KIND is an export operation, such as BatchExportBaselineTask, or its short name, such as baseline. Filters are flags behind the kind: \
            --severity-level High, --image-name web; those of a kind are shown by --filters. On a terminal progress is one line; in a pipe stdout is \
            one JSON object a line. The file appears under its name only when it is whole.
            Exit codes: 0 done, 2 usage, 6 the task failed, 7 refused, 1 anything else, 130 interrupted.
            """
    )

    @Argument(help: "What to export.", completion: .custom { words, index, _ in ExportCommand.completions(words, at: index) })
    var kind: String
    @OptionGroup var options: ClientOptions
    @Option(
        name: [.short, .long], help: ArgumentHelp("Where the file goes; HSS's own name, here, when left out.", valueName: "file"), completion: .file()
    )
    var output: String?
    @Flag(help: "Replace a file of that name.") var force = false
    @Option(help: ArgumentHelp("The project, by name or id.", valueName: "project")) var project = "_"
    @Option(help: ArgumentHelp("The enterprise project; the gateway's default when left out.", valueName: "id")) var enterpriseProjectId: String?
    @Option(help: ArgumentHelp("Why: what X-Audit-Reason says.", valueName: "text")) var reason: String?
    @Option(help: ArgumentHelp("Continue with a task that was created before.", valueName: "id")) var task: String?
    @Option(help: ArgumentHelp("Of an earlier run whose task isn't known; a new one when left out.", valueName: "key")) var idempotencyKey: String?
    @Option(
        help: ArgumentHelp("A file with the request's JSON body, instead of filters that belong into it.", valueName: "file"), completion: .file())
    var body: String?
    @Option(help: ArgumentHelp("Longest time in all, in seconds.", valueName: "seconds")) var timeout = 3_600
    @Flag(help: "No progress, only the result.") var quiet = false
    @Flag(help: "Show the filters of this kind, and do nothing.") var filters = false
    @Argument(
        parsing: .allUnrecognized, help: ArgumentHelp("Filters of this kind, --name value.", valueName: "filters"),
        completion: .custom { words, index, _ in ExportCommand.completions(words, at: index) })
    var words: [String] = []

    /// Longest body that is read from a file, bytes: the limit of a gateway.
    private static let largestBody = 12 << 20

    func validate() throws {
        guard (1...604_800).contains(timeout) else { throw ValidationError("--timeout is no number of seconds up to 604800.") }
    }

    func run() async throws {
        guard let kind = ExportKind(kind) else { throw Failure(.usage, ExportKind.suggestion(for: kind)) }
        guard !filters else {
            Console.output(Self.list(of: kind.operation))
            return
        }
        let request = try request(of: kind.operation)
        if let output { try check(output) }
        signal(SIGINT) { _ in GatewayClient.Interruption.want() }
        signal(SIGTERM) { _ in GatewayClient.Interruption.want() }
        let client = try await options.client()
        let run = ExportRun(request, client: client, report: ExportReport(isQuiet: quiet, kind: ExportKind.shortName(kind.operation)))
        let end = await run.end()
        await client.stop()
        switch end {
        case .done: return
        case .failed(let exit, let sentence):
            Console.error(sentence)
            throw ExitCode(exit)
        case .interrupted:
            Console.error("Interrupted. Go on with:\n  \(resumption(run))")
            throw ExitCode(Self.interrupted)
        }
    }

    private static let interrupted: Int32 = 128 + SIGINT

    /// What can be known of the file before an export is made, which counts against the caller's limits.
    private func check(_ output: String) throws(Failure) {
        guard output != "-" else { throw Failure(.usage, "--output names a file: stdout has the progress and the result.") }
        guard !NamedOutput.isNoFile(output) else { throw Failure(.usage, "\(output) is there and is no file.") }
        guard force || access(output, F_OK) != 0 else { throw Failure(.usage, "\(output) is there already; --force replaces it.") }
        let folder = PathText.parent(of: output)
        guard access(folder, W_OK | X_OK) == 0 else {
            throw Failure(.usage, "\(output) can't be written: \(folder): \(SystemError.text(errno)).")
        }
    }

    private func request(of operation: Operation) throws -> ExportRequest {
        let typed: ExportFilters
        do throws(ExportFilters.Fault) {
            typed = try ExportFilters(words, of: operation, hasBody: body != nil)
        } catch {
            throw Failure(.usage, error.sentence)
        }
        var content = typed.json
        if let body {
            guard content == nil else { throw Failure(.usage, "Filters that belong into the body and --body exclude each other.") }
            content = try FileContent.read(body, limit: Self.largestBody)
        }
        return ExportRequest(
            operation: operation, project: project, enterpriseProject: enterpriseProjectId, query: typed.query, body: content, reason: reason,
            task: task, key: idempotencyKey ?? ExportRequest.newKey(), output: output, replaces: force, patience: .seconds(timeout))
    }

    private func resumption(_ run: ExportRun) -> String {
        var parts = ["hss-gateway", "export", kind] + options.words
        if let output { parts += ["--output", output] }
        if project != "_" { parts += ["--project", project] }
        if let enterpriseProjectId { parts += ["--enterprise-project-id", enterpriseProjectId] }
        if let reason { parts += ["--reason", reason] }
        if let task = run.task {
            parts += ["--task", task]
        } else {
            // The same request with the same key creates no second task.
            parts += ["--idempotency-key", run.request.key] + (body.map { ["--body", $0] } ?? []) + words
        }
        if force { parts.append("--force") }
        return parts.map(Self.quoted).joined(separator: " ")
    }

    /// Quotes a word for a shell.
    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { $0 < 0x80 && (Character(Unicode.Scalar($0)).isLetter || "0123456789-_./:=,@%+".utf8.contains($0)) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    private static func list(of operation: Operation) -> String {
        let lines = ExportParameter.all(of: operation).map { filter in
            "\(ExportFilters.flag(filter)) \(filter.value == .array ? "\(filter.element.rawValue) (may repeat)" : filter.value.rawValue)"
        }
        return lines.isEmpty ? "\(operation.name) has no filters." : lines.joined(separator: "\n")
    }

    /// The kinds or, if the line already has one, its filters. A shell doesn't treat a word that begins with a hyphen as an argument, so it then asks
    /// for completions of the kind.
    private static func completions(_ words: [String], at index: Int) -> [String] {
        guard let kind = words.prefix(max(0, index)).lazy.compactMap({ ExportKind($0) }).first else {
            return ExportKind.names + ExportKind.operations.map(\.name)
        }
        return ExportParameter.all(of: kind.operation).map(ExportFilters.flag)
    }
}
