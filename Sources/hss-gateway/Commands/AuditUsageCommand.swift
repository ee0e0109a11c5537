import ArgumentParser
import Assembly
import Audit
import Inquiry

/// `audit usage`: the recent usage of callers, as in the console.
struct AuditUsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show what each caller used: requests, exports, bytes, refusals by code, waits.",
        discussion:
            "Counted from the journal as it stands, by whole minutes (of what is older than two days by ten minutes, than eight by hours); "
            + "`audit report` verifies it first and counts by month."
    )

    /// How it is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    /// A command reads everything; this only limits its run time.
    private static let patience = Duration.seconds(86_400)

    @OptionGroup var place: RecordSourceOptions
    @OptionGroup var table: TableOptions
    @OptionGroup var pager: PagerOptions
    @Option(help: ArgumentHelp("From this time on: an age like 24h or 7d, or a time.", valueName: "time")) var since = "24h"
    @Option(help: ArgumentHelp("Only before this time.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("text or json.", valueName: "format")) var format = Format.text

    func run() throws {
        var query = RecordQuery()
        try query.take("since", since)
        if let until { try query.take("until", until) }
        let (source, now, asked) = (try place.source(), Timestamp.now(), query)
        let usage = try InquiryError.translating { () throws(InquiryError) in
            try CallerUsage(of: source, since: asked.since ?? now, until: asked.until, now: now, deadline: .now + Self.patience)
        }
        switch format {
        case .text:
            let text = usage.text(table.layout)
            pager.show { Console.output(text) }
        case .json: Console.output(usage.json(since: query.since ?? now, until: query.until, instance: "journal"))
        }
    }
}
