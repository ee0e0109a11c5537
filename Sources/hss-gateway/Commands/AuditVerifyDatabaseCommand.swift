import ArgumentParser
import Audit
import Shipping

/// `audit verify-database`: judges the central copy in PostgreSQL.
struct AuditVerifyDatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-database",
        abstract: "Verify the central copy of journals in PostgreSQL.",
        discussion:
            "Recomputes the Merkle tree of each instance from the raw lines, compares it with every checkpoint, and the columns with the lines. "
            + "Ends with 0 when all is intact, 9 when something is not, 10 when records lie behind the last checkpoint."
    )

    @Option(help: ArgumentHelp("A file with the connection URL, as in audit.ship[].url_file.", valueName: "url-file")) var database: String
    @Option(help: ArgumentHelp("Only this instance.", valueName: "name")) var instance: String?

    func run() async throws {
        let reports = try reports()
        for report in reports { Console.output(report.text) }
        if reports.isEmpty { Console.output("The database has no records.") }
        if reports.contains(where: { $0.finding != nil }) { throw ExitCode(9) }
        if reports.contains(where: { $0.covered < $0.records }) { throw ExitCode(10) }
    }

    private func reports() throws(Failure) -> [CentralCopy.Report] {
        do throws(SinkFailure) {
            let copy = CentralCopy(try PostgreSQLConnection(url: try SecretText.read(database), stop: StopSignal()))
            let names = if let instance { [instance] } else { try copy.instances() }
            var reports: [CentralCopy.Report] = []
            for name in names { reports.append(try copy.verify(name) { _ in true }) }
            return reports
        } catch {
            throw Failure(.runtime, "The database can't be read: \(error.reason).")
        }
    }
}

extension CentralCopy.Report {
    /// One line: the instance, how much of it was read, and what was found.
    fileprivate var text: String {
        let counts = "\(instance): \(records) records, \(checkpoints) checkpoints"
        guard let finding else {
            return covered == records ? "\(counts): intact" : "\(counts): intact; the last \(records - covered) lie behind the last checkpoint"
        }
        return "\(counts): BROKEN: \(finding.sentence)"
    }
}

extension CentralCopy.Finding {
    fileprivate var sentence: String {
        switch self {
        case .missing(let number): "record \(number) is missing"
        case .notThisRecord(let number): "what stands in the place of record \(number) is another record, or none"
        case .columnsDiffer(let number): "the columns of record \(number) don't say what its line says"
        case .forgedCheckpoint(let size): "the checkpoint of size \(size) is not signed by the journal's key"
        case .rootDiffers(let size, let intact): "a record from \(intact) to \(size - 1) was changed: the checkpoint of size \(size) has another root"
        case .cutTail(let size, let records): "a checkpoint covers \(size) records, and there are \(records)"
        }
    }
}
