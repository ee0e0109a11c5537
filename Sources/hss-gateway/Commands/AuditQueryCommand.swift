import ArgumentParser
import Assembly
import Inquiry

/// `audit query`: the records that match, with or without a running gateway.
struct AuditQueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Print the records that match.",
        discussion: """
            Newest first. Without --limit everything that matches is printed; with it one page, and the cursor of the next one on stderr. json, ndjson
            and csv have every record as it stands in the journal; ocsf and cadf are events of those schemas, one a line. With --database the records
            of all gateways come by time, as far as they were shipped.
            """
    )

    @OptionGroup var place: RecordSourceOptions
    @OptionGroup var filters: RecordFilterOptions
    @OptionGroup var table: TableOptions
    @OptionGroup var pager: PagerOptions
    @Option(help: ArgumentHelp("How many records to print, at most \(RecordQuery.limitBound).", valueName: "count")) var limit: Int?
    @Option(help: ArgumentHelp("Continue after the page that printed this cursor.", valueName: "cursor")) var cursor: String?
    @Option(help: ArgumentHelp("Which records come first: newest or oldest.", valueName: "order")) var order: String?
    @Option(help: ArgumentHelp("json, ndjson, csv, table, ocsf or cadf.", valueName: "format")) var format = RecordFormat.json

    /// Bytes that are collected before they are written.
    private static let piece = 64 << 10

    func run() throws {
        var query = try filters.query()
        if let limit { try query.take("limit", String(limit)) }
        if let cursor { try query.take("cursor", cursor) }
        if let order { try query.take("order", order) }
        let archive = try place.source()
        let layout = table.layout
        try limit == nil ? printAll(query, archive, layout) : printPage(query, archive, layout)
    }

    private func printPage(_ query: RecordQuery, _ archive: some RecordSource, _ layout: TableLayout) throws(Failure) {
        let page = try InquiryError.translating { () throws(InquiryError) in try archive.page(query) }
        var writer = RecordWriter(format, isOfFleet: place.isOfFleet, layout: layout)
        var output = writer.beginning()
        for record in page.records { output += writer.text(of: record) }
        output += writer.end()
        pager.show { _ = Console.output(output) }
        if let next = page.next { Console.error("There is more: --cursor \(next)") }
    }

    /// The whole journal may match, so records are printed as they are found.
    private func printAll(_ query: RecordQuery, _ archive: some RecordSource, _ layout: TableLayout) throws(Failure) {
        var query = query
        query.limit = .max - 1
        let everything = query
        try pager.show { () throws(Failure) in try write(everything, archive, layout) }
    }

    private func write(_ query: RecordQuery, _ archive: some RecordSource, _ layout: TableLayout) throws(Failure) {
        var writer = RecordWriter(format, isOfFleet: place.isOfFleet, layout: layout)
        var output = writer.beginning()
        try InquiryError.translating { () throws(InquiryError) in
            try archive.forEach(query) { record in
                output += writer.text(of: record)
                guard output.count >= Self.piece else { return true }
                defer { output.removeAll(keepingCapacity: true) }
                return Console.output(output)
            }
        }
        Console.output(output + writer.end())
    }
}
