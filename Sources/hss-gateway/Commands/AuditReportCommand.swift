import ArgumentParser
import Audit
import Inquiry

/// `audit report`: totals per caller and month.
struct AuditReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Sum up calls, exports, rows, bytes and refusals per caller and month.",
        discussion: "Months are those of UTC."
    )

    /// How a report is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, csv
    }

    @OptionGroup var location: JournalLocation
    @Option(help: ArgumentHelp("Only from this time on.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Only before this time.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("text, json or csv.", valueName: "format")) var format = Format.text

    func run() throws {
        var query = RecordQuery()
        if let since { try query.take("since", since) }
        if let until { try query.take("until", until) }
        let directory = try location.path()
        let proof = ProvedRecords.of(directory)
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

/// Which part of a journal was proved to be whole, in a number and in words.
struct ProvedRecords {
    /// The number behind the last proved record.
    let end: UInt64
    let sentence: String

    /// Counts everything and says that nothing was proved.
    static func of(_ directory: String) -> ProvedRecords {
        ProvedRecords(end: .max, sentence: "They are as they stand in the journal and were not proved: `audit verify` tells whether they are whole.")
    }
}
