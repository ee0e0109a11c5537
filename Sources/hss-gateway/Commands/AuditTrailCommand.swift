import Codecs
import ArgumentParser
import Assembly
import Inquiry

/// `audit trail`: the life of an export, from its task or from a file that somebody holds.
struct AuditTrailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trail", abstract: "Show the life of an export: who asked for what, who fetched the file, and its digest.",
        discussion: "Exit codes: 0 found, 1 the journal knows no such export."
    )

    /// How a trail is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var place: RecordPlace
    @Argument(help: ArgumentHelp("The export task's id.", valueName: "task-id")) var task: String?
    @Option(help: ArgumentHelp("Find the export by a file that somebody holds.", valueName: "file")) var file: String?
    @Option(help: ArgumentHelp("text or json.", valueName: "format")) var format = Format.text

    func validate() throws {
        guard (task == nil) != (file == nil) else { throw ValidationError("Name a task's id, or a file with --file.") }
    }

    func run() throws {
        let archive = try place.source()
        let trails = try InquiryError.translating { () throws(InquiryError) -> [ExportTrail] in
            if let file { return try archive.trails(digest: FileDigest.of(path: file)) }
            return try task.map { (task) throws(InquiryError) in try archive.trail(task: task) }.map { $0.map { [$0] } ?? [] } ?? []
        }
        guard !trails.isEmpty else {
            throw Failure(
                .runtime, file.map { "No download in this journal gave its caller the content of \($0)." } ?? "This journal knows no such task.")
        }
        for trail in trails {
            switch format {
            case .text: Console.output(trail.text)
            case .json:
                var json = JSONWriter()
                trail.write(to: &json, withRecords: true)
                Console.output(json.text)
            }
        }
    }
}
