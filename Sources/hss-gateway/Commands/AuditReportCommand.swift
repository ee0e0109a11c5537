import ArgumentParser
import Audit
import Inquiry

/// `audit report`: totals per caller and month.
struct AuditReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Sum up calls, exports, rows, bytes and refusals per caller and month.",
        discussion: """
            Months are those of UTC. The journal is verified first, as `audit verify` does it: only records that a signed checkpoint covers are
            counted, those behind the last one are counted apart. Exit codes: 0 counted, 9 the journal is broken and nothing is counted.
            """
    )

    /// How a report is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, csv
    }

    @OptionGroup var location: JournalLocation
    @OptionGroup var trust: TrustOptions
    @Option(help: ArgumentHelp("Only from this time on.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Only before this time.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("text, json or csv.", valueName: "format")) var format = Format.text

    func run() throws {
        var query = RecordQuery()
        if let since { try query.take("since", since) }
        if let until { try query.take("until", until) }
        let directory = try location.path()
        let proof = try ProvedRecords.of(directory, keys: trust.keys(location, directory), elsewhere: trust.checkpoints())
        var report = ActivityReport(provedUpTo: proof.end)
        do throws(JournalError) {
            var reader = JournalReader(directory: directory)
            try reader.forEachRecord { _, line in
                if let record = JournalRecord(Array(line)), query.matches(record) { report.add(record) }
                return true
            }
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        switch format {
        case .text: Console.output(report.text(proof: proof.sentence))
        case .json: Console.output(report.json(proof: proof.sentence))
        case .csv:
            Console.output(report.csv)
            Console.error(proof.sentence)
        }
    }
}
