import ArgumentParser
import Assembly
import Audit
import Codecs
import Inquiry

/// `audit report`: totals per caller and month.
struct AuditReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Total calls, exports, rows, bytes and refusals per caller and month.",
        discussion: """
            Months are those of UTC. The journal is verified first, as `audit verify` does it, or with --database `audit verify-database`: only \
            records that a signed checkpoint covers are counted, those behind the last one are counted apart. Exit codes: 0 counted, 9 the \
            journal is broken and nothing is counted.
            """
    )

    /// How a report is printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, csv
    }

    @OptionGroup var place: RecordSourceOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var table: TableOptions
    @OptionGroup var pager: PagerOptions
    @Option(help: ArgumentHelp("Only from this time on.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Only before this time.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("text, json or csv.", valueName: "format")) var format = Format.text

    func run() throws {
        var query = RecordQuery()
        if let since { try query.take("since", since) }
        if let until { try query.take("until", until) }
        var (report, proof, duplicates) = try place.database.map(proved) ?? proved()
        try forEachRecord { record in
            if query.matches(record), duplicates.isEmpty || !duplicates.contains(record.instance ?? "") { report.add(record) }
        }
        switch format {
        case .text:
            let text = report.text(proof: proof, layout: table.layout)
            pager.show { Console.output(text) }
        case .json: Console.output(report.json(proof: proof))
        case .csv:
            Console.output(report.csv)
            Console.error(proof)
        }
    }

    /// A journal is read from end to end, which needs no index; records of the central copy are ordered by time.
    private func forEachRecord(_ body: (JournalRecord) -> Void) throws {
        guard place.database == nil else {
            let source = try place.source()
            var everything = RecordQuery()
            everything.order = .oldest
            everything.limit = .max - 1
            return try InquiryError.translating { () throws(InquiryError) in
                try source.forEach(everything) { record in
                    body(record)
                    return true
                }
            }
        }
        let directory = try place.location.path()
        do throws(JournalError) {
            var reader = JournalReader(directory: directory)
            try reader.forEachRecord { _, line in
                if let record = JournalRecord(Array(line)) { body(record) }
                return true
            }
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
    }

    /// A report of one journal, which is verified first.
    private func proved() throws -> (ActivityReport, String, duplicates: Set<String>) {
        let directory = try place.location.path()
        let proof = try ProvedRecords.of(directory, keys: trust.keys(place.location, directory), elsewhere: trust.checkpoints())
        return (ActivityReport(provedUpTo: proof.end), proof.sentence, [])
    }

    /// A report of the central copy, of which every journal is verified first.
    private func proved(_ database: String) throws -> (ActivityReport, String, duplicates: Set<String>) {
        let reports = try CentralProof(database: database, trust: trust.central()).reports()
        let duplicates = Set(reports.filter { $0.duplicateOf != nil }.compactMap(\.instance))
        let proofs = try ProvedRecords.of(reports)
        let sentences = proofs.sorted { $0.key < $1.key }.map { PrintableText.line("\($0.key): \($0.value.sentence)") }
        let ends = proofs.filter { !duplicates.contains($0.key) }.mapValues(\.end)
        return (ActivityReport(fleet: ends), sentences.joined(separator: " "), duplicates)
    }
}
