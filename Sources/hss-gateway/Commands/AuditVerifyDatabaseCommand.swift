import ArgumentParser
import Assembly
import Audit
import Shipping

/// `audit verify-database`: verifies the central copy in PostgreSQL.
struct AuditVerifyDatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-database",
        abstract: "Verify the central copy of journals in PostgreSQL.",
        discussion: """
            Recomputes the Merkle tree of each instance from the raw lines, compares it with every checkpoint, checks the checkpoints' signatures, \
            and compares the columns with the lines. Exit codes: 0 intact, 9 broken (instance and first bad record are named), 10 intact but with \
            records that no signed checkpoint covers. Where the database has nothing of an instance there is no verdict: 9 when a key or a \
            checkpoint of it was given, since what they vouch for is gone, 2 otherwise.
            """
    )

    @Option(help: ArgumentHelp("A file with the connection URL, as in audit.ship[].url_file.", valueName: "url-file"), completion: .file())
    var database: String
    @Option(help: ArgumentHelp("Only this instance; --public-key and --removed are then its own.", valueName: "name")) var instance: String?
    @OptionGroup var given: TrustOptions
    @Option(help: ArgumentHelp("The file `removed` of the instance's journal, where the copy begins late.", valueName: "file"), completion: .file())
    var removed: String?
    @Flag(help: "One line of JSON for each instance.") var json = false

    func validate() throws {
        guard removed == nil || instance != nil else { throw ValidationError("--removed is of one journal: name it with --instance.") }
    }

    func run() async throws {
        let reports = try CentralProof(database: database, instance: instance, trust: trust()).reports()
        for report in reports { Console.output(json ? report.json : report.text) }
        if let code = reports.map(\.exitCode).max(by: { rank($0) < rank($1) }), code != 0 { throw ExitCode(code) }
    }

    /// "Broken" is worse than "not covered", whatever the order of the codes.
    private func rank(_ code: Int32) -> Int { [0, 10, 9].firstIndex(of: code) ?? 0 }

    private func trust() throws(Failure) -> CentralTrust {
        var trust = try given.central()
        trust.isForOneInstance = instance != nil
        if let removed {
            guard let prefix = TextFile.read(removed, limit: 64 << 10).flatMap({ RemovedPrefix($0) }) else {
                throw Failure(.usage, "\(removed) is no file of removed records.")
            }
            trust.removed = prefix
        }
        return trust
    }
}
