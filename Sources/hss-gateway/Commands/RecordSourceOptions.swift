import ArgumentParser
import Assembly
import Inquiry

/// The source of records: one gateway's journal, or the central copy of many.
struct RecordSourceOptions: ParsableArguments {
    @OptionGroup var location: JournalLocation
    @Option(
        help: ArgumentHelp(
            "Read the central copy of all gateways instead: a file with the connection URL, as in audit.ship[].url_file.", valueName: "url-file"),
        completion: .file())
    var database: String?

    func validate() throws {
        guard database == nil || (location.directory == nil && location.config == nil) else {
            throw ValidationError("--database is the place; leave out --directory and --config.")
        }
    }

    /// Whether records of several gateways are read.
    var isOfFleet: Bool { database != nil }

    /// The source of the records. A journal's index is first brought up to date, unless a running gateway does that.
    func source() throws(Failure) -> any RecordSource {
        if let database { return FleetArchive(urlFile: database) }
        let archive = RecordArchive(directory: try location.path())
        archive.refresh()
        return archive
    }
}
