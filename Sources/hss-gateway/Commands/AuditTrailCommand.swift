import ArgumentParser
import Assembly
import Audit
import Codecs
import Inquiry
import Settings

/// `audit trail`: the life of an export, found by its task or by an exported file.
struct AuditTrailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trail", abstract: "Show the history of an export: who asked for what, who downloaded the file, and its digest.",
        discussion: """
            With --database, or with --config of a gateway that has `fleet` and ships to a database, the records of all gateways are read, and it is \
            said how far each one's have come: what is younger may not be there yet. Exit codes: 0 found, 1 no such export is known.
            """
    )

    /// How a trail is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var place: RecordSourceOptions
    @OptionGroup var pager: PagerOptions
    @Argument(help: ArgumentHelp("The export task's id.", valueName: "task-id")) var task: String?
    @Option(help: ArgumentHelp("Find the export by a copy of its file.", valueName: "file"), completion: .file()) var file: String?
    @Option(help: ArgumentHelp("text or json.", valueName: "format")) var format = Format.text

    func validate() throws {
        guard (task == nil) != (file == nil) else { throw ValidationError("Name a task's id, or a file with --file.") }
    }

    func run() throws {
        var trails: [ExportTrail] = []
        var coverage = ExportTrail.Coverage.journal
        if let copies = try copies() {
            do throws(Failure) {
                trails = try found(in: copies)
                coverage = .copies(try InquiryError.translating { () throws(InquiryError) in try copies.members() }, asOf: .now())
            } catch {
                // If the copy was named explicitly, no other source is used.
                if place.isOfFleet { throw error }
                Console.error("hss-gateway: \(error.message) What follows is of this gateway's own journal alone.")
            }
        }
        if trails.isEmpty, !place.isOfFleet {
            trails = try found(in: try place.source())
            coverage = try isOneOfSeveral() ? .oneOfSeveral : .journal
        }
        guard !trails.isEmpty else {
            throw Failure(
                .runtime, file.map { "No download in this journal gave its caller the content of \($0)." } ?? "This journal knows no such task.")
        }
        let found = trails
        let reach = coverage
        pager.show { print(found, reach) }
    }

    private func print(_ trails: [ExportTrail], _ coverage: ExportTrail.Coverage) {
        for var trail in trails {
            trail.coverage = coverage
            switch format {
            case .text: Console.output(trail.text)
            case .json:
                var json = JSONWriter()
                trail.write(to: &json, withRecords: true)
                Console.output(json.text)
            }
        }
    }

    private func found(in archive: any RecordSource) throws(Failure) -> [ExportTrail] {
        try InquiryError.translating { () throws(InquiryError) -> [ExportTrail] in
            if let file { return try archive.trails(digest: FileDigest.of(path: file)) }
            return try task.map { (task) throws(InquiryError) in try archive.trail(task: task) }.map { $0.map { [$0] } ?? [] } ?? []
        }
    }

    /// The central copy that is named, or that a gateway of a fleet ships to.
    private func copies() throws(Failure) -> FleetArchive? {
        if let database = place.database { return FleetArchive(urlFile: database) }
        guard place.location.directory == nil, let settings = try place.location.settings(), settings.fleet != nil else { return nil }
        return FleetArchive.shipped(by: settings)
    }

    private func isOneOfSeveral() throws(Failure) -> Bool { try place.location.settings()?.fleet != nil }
}
