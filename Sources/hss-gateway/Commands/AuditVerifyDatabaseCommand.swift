import ArgumentParser
import Audit
import Shipping

/// `audit verify-database`: judges the central copy in PostgreSQL.
struct AuditVerifyDatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-database",
        abstract: "Verify the central copy of journals in PostgreSQL.",
        discussion: """
            Recomputes the Merkle tree of each instance from the raw lines, compares it with every checkpoint, checks the checkpoints' signatures, \
            and compares the columns with the lines. Exit codes: 0 intact, 9 broken (instance and first bad record are named), 10 intact but with \
            records that no signed checkpoint covers.
            """
    )

    @Option(help: ArgumentHelp("A file with the connection URL, as in audit.ship[].url_file.", valueName: "url-file")) var database: String
    @Option(help: ArgumentHelp("Only this instance; --key and --removed are then its own.", valueName: "name")) var instance: String?
    @Option(
        help: ArgumentHelp(
            "Public keys, kept by the auditor; may be repeated. Left out, the key that the records name counts, which proves less.", valueName: "file"
        ))
    var key: [String] = []
    @Option(help: ArgumentHelp("Checkpoints from an anchor, one or many; may be repeated.", valueName: "file")) var checkpoint: [String] = []
    @Option(help: ArgumentHelp("The file `removed` of the instance's journal, where the copy begins late.", valueName: "file")) var removed: String?
    @Flag(help: "One line of JSON for each instance.") var json = false

    func validate() throws {
        guard removed == nil || instance != nil else { throw ValidationError("--removed is of one journal: name it with --instance.") }
    }

    func run() async throws {
        let reports = try CentralProof(database: database, instance: instance, trust: trust()).reports()
        for report in reports { Console.output(json ? report.json : report.text) }
        if reports.isEmpty { Console.error("The database has no records.") }
        if let code = reports.map(\.exitCode).max(by: { rank($0) < rank($1) }), code != 0 { throw ExitCode(code) }
    }

    /// Broken is worse than not covered, whatever the numbers say.
    private func rank(_ code: Int32) -> Int { [0, 10, 9].firstIndex(of: code) ?? 0 }

    private func trust() throws(Failure) -> CentralTrust {
        var trust = CentralTrust()
        trust.isForOneInstance = instance != nil
        do throws(CheckpointKeyFault) {
            for path in key { trust.keys += try CheckpointKey.publicKeys(path: path) }
        } catch {
            throw Failure(.usage, error.sentence)
        }
        for path in checkpoint {
            trust.checkpoints += try TrustOptions.notes(path)
        }
        if let removed {
            guard let prefix = TextFile.read(removed, limit: 64 << 10).flatMap({ RemovedPrefix($0) }) else {
                throw Failure(.usage, "\(removed) is no file of removed records.")
            }
            trust.removed = prefix
        }
        return trust
    }
}

/// Verifies the journals of a central database.
struct CentralProof {
    let database: String
    let instance: String?
    let trust: CentralTrust

    /// One report for each instance.
    func reports() throws(Failure) -> [VerificationReport] {
        do throws(SinkFailure) {
            let copy = try CentralCopy(url: try SecretText.read(database))
            let names = if let instance { [instance] } else { try copy.instances() }
            var reports: [VerificationReport] = []
            for name in names { reports.append(try copy.verify(name, trust)) }
            return reports
        } catch {
            throw Failure(.runtime, "The database can't be read: \(error.reason).")
        }
    }
}
