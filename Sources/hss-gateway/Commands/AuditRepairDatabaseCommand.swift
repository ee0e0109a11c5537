import ArgumentParser
import Assembly
import Audit
import Inquiry
import Shipping

/// `audit repair-database`: restores records that the central copy has lost.
struct AuditRepairDatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair-database",
        abstract: "Restore rows that are missing in the central copy of a journal.",
        discussion: """
            Compares the copy in PostgreSQL with the journal, row by row, and inserts what is missing. A row that says something else than the \
            journal is evidence: it is named and left alone. A gateway may be shipping meanwhile. Exit codes: 0 the copy is whole now, 9 rows differ.
            """
    )

    @OptionGroup var location: JournalLocation
    @Option(help: ArgumentHelp("A file with the connection URL, as in audit.ship[].url_file.", valueName: "url-file"), completion: .file())
    var database: String
    @Option(help: ArgumentHelp("The instance's name in the copy; the journal's own when left out.", valueName: "name")) var instance: String?

    /// The exit code for scripts.
    private static let differs: Int32 = 9

    func run() async throws {
        let directory = try location.path()
        guard let own = try firstInstance(directory) else { throw Failure(.usage, "There is no record in \(directory).") }
        let view = JournalView(directory: directory, instance: instance ?? own) { SequenceNumber.maximum }
        let outcome: CentralRepair.Outcome
        do throws(SinkFailure) {
            outcome = try CentralRepair(view, url: try SecretText.read(database)).run()
        } catch {
            throw Failure(.runtime, "The copy can't be repaired: \(error.reason).")
        }
        var sentence = "\(outcome.compared) rows compared, \(outcome.restored) put back."
        if outcome.refused > 0 { sentence += " The tables could not take \(outcome.refused) records; they are set aside." }
        Console.output(sentence + "\n")
        guard outcome.differences > 0 else { return }
        let named = outcome.different.map { String($0) }.joined(separator: ", ")
        Console.error("\(outcome.differences) rows are not what the journal says, and were left alone: \(named).")
        throw ExitCode(Self.differs)
    }

    private func firstInstance(_ directory: String) throws(Failure) -> String? {
        var found: String?
        do throws(JournalError) {
            var reader = JournalReader(directory: directory)
            try reader.forEachRecord { _, line in
                found = JournalRecord(Array(line))?.instance
                return found == nil
            }
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        return found
    }
}
