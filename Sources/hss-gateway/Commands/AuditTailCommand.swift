import ArgumentParser
import Assembly
import Audit
import Glibc
import Inquiry

/// `audit tail`: prints the newest records and follows new ones across rotations.
struct AuditTailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print the newest records, and each new one as it is written.", discussion: "Ends with Ctrl-C."
    )

    @OptionGroup var location: JournalLocation
    @OptionGroup var filters: RecordFilterOptions
    @OptionGroup var table: TableOptions
    @Option(help: ArgumentHelp("How many of the newest records to print first.", valueName: "count")) var lines = 10
    @Option(help: ArgumentHelp("ndjson, csv, table, ocsf or cadf.", valueName: "format")) var format = RecordFormat.table
    @Flag(help: "End after the newest records.") var once = false

    /// Pause between two checks for new records, microseconds.
    private static let pause: UInt32 = 100_000

    func validate() throws {
        guard (0...RecordQuery.limitBound).contains(lines) else { throw ValidationError("--lines is no number from 0 to \(RecordQuery.limitBound).") }
        guard format != .json else { throw ValidationError("A list of JSON has an end; a tail has none. Write --format ndjson.") }
    }

    func run() throws {
        let query = try filters.query()
        let directory = try location.path()
        let archive = RecordArchive(directory: directory)
        archive.refresh()
        var writer = RecordWriter(format, layout: table.layout)
        Console.output(writer.beginning())
        let end = try InquiryError.translating { () throws(InquiryError) in try archive.end() }
        var newest: [JournalRecord] = []
        if lines > 0 {
            var page = query
            page.limit = lines
            newest = try InquiryError.translating { () throws(InquiryError) in try archive.page(page).records }
        }
        for record in newest.reversed() where record.sequence < end { Console.output(writer.text(of: record)) }
        guard !once else { return }
        try follow(JournalReader(directory: directory, from: SequenceNumber(end)), query, &writer)
    }

    private func follow(_ reader: consuming JournalReader, _ query: RecordQuery, _ writer: inout RecordWriter) throws(Failure) {
        var reader = reader
        while true {
            var isRead = true
            do throws(JournalError) {
                try reader.forEachRecord { _, line in
                    guard let record = JournalRecord(Array(line)), query.matches(record) else { return true }
                    isRead = Console.output(writer.text(of: record))
                    return isRead
                }
            } catch {
                throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
            }
            guard isRead, Console.isRead else { return }
            usleep(Self.pause)
        }
    }
}
