import ArgumentParser
import Audit
import Glibc

/// `audit verify`: recomputes the tree and compares it with every checkpoint.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the journal's tree and compare it with every checkpoint.",
        discussion: "Exit codes: 0 intact, 9 broken (the first bad record is named), 10 intact but with records that no checkpoint covers yet."
    )

    /// A year of an anchor's checkpoints.
    private static let elsewhereLimit = 64 << 20

    @OptionGroup var location: JournalLocation
    @Option(help: ArgumentHelp("The public keys, kept by the auditor; the directory's own when left out, which proves less.", valueName: "file"))
    var publicKey: String?
    @Option(help: ArgumentHelp("Checkpoints from an anchor, one or many; may be repeated.", valueName: "file")) var checkpoint: [String] = []
    @Flag(help: "The report as JSON.") var json = false

    func run() throws {
        let directory = try location.path()
        let elsewhere = try checkpoint.map { path in (path, try Self.content(path)) }
        var verifier = JournalVerifier(directory: directory, keys: try keys(directory), elsewhere: elsewhere)
        let report: VerificationReport
        do throws(JournalError) {
            report = try verifier.verify()
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        Console.output(json ? report.json : report.text)
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }

    private func keys(_ directory: String) throws(Failure) -> [NoteVerifier] {
        let beside = publicKey == nil ? try location.publicKeyPath(directory) : nil
        let path = publicKey ?? beside ?? ""
        if publicKey == nil, access(path, F_OK) != 0 { return [] }
        do throws(CheckpointKeyFault) {
            return try CheckpointKey.publicKeys(path: path)
        } catch {
            throw Failure(.usage, error.sentence)
        }
    }

    private static func content(_ path: String) throws(Failure) -> String {
        guard let text = TextFile.read(path, limit: elsewhereLimit) else { throw Failure(.usage, "\(path) can't be read.") }
        return text
    }
}
