import ArgumentParser
import Assembly
import Audit
import Settings

/// `audit`: reads the journal, and proves things about it.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit journal and prove that nothing in it was changed or removed.",
        subcommands: [
            AuditQueryCommand.self, AuditTailCommand.self, AuditTrailCommand.self, AuditReportCommand.self, AuditUsageCommand.self,
            AuditReconcileCommand.self,
            AuditVerifyDatabaseCommand.self, AuditRepairDatabaseCommand.self,
            AuditVerifyCommand.self, AuditProveCommand.self, AuditKeyCommand.self, AuditBackupCommand.self, AuditRestoreCommand.self,
            AuditBundleCommand.self, AuditVerifyBundleCommand.self,
        ]
    )
}

/// The location of the journal, for all commands that read one. All of them work while a gateway writes to it.
struct JournalLocation: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file; its `audit.directory` is read.", valueName: "file"), completion: .file()) var config: String?
    @Option(
        help: ArgumentHelp("The journal's directory; HSSGW_AUDIT_DIRECTORY, then ./audit, when neither is given.", valueName: "directory"),
        completion: .directory)
    var directory: String?

    /// The settings that --config names, if it was given.
    func settings() throws(Failure) -> GatewaySettings? {
        guard let config else { return nil }
        do throws(SettingsProblems) {
            let file = try SettingsFile.read(path: config)
            var sources = SettingsSources(
                file: file, environment: ProcessEnvironment.variables, workingDirectory: ProcessEnvironment.workingDirectory)
            sources.otherVariables = ProcessVariables.all
            return try SettingsLoader.gateway.load(sources)
        } catch {
            throw Failure(.badConfiguration, SettingsReport.text(error.problems))
        }
    }

    /// The directory, which must contain a journal. Commands that read one create nothing elsewhere.
    func path() throws(Failure) -> String {
        let path = try chosenPath()
        try Self.requireJournal(in: path, of: "--directory")
        return path
    }

    /// A journal that is not there has no records, which is another answer than one about its records.
    static func requireJournal(in path: String, of flag: String) throws(Failure) {
        guard try holdsJournal(path) else {
            throw Failure(.usage, "There is no journal in \(path): name its directory with \(flag).")
        }
    }

    /// Whether there is a journal; a directory that can't be read says neither.
    static func holdsJournal(_ path: String) throws(Failure) -> Bool {
        do throws(JournalError) {
            return try DirectoryListing.holdsJournal(path)
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
    }

    /// The chosen directory, with or without a journal.
    func chosenPath() throws(Failure) -> String {
        let configured = directory == nil ? try settings()?.audit.directory : nil
        return directory ?? configured ?? ProcessEnvironment.variables["HSSGW_AUDIT_DIRECTORY"] ?? "audit"
    }
}
