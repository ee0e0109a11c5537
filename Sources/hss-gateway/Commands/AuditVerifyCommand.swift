import ArgumentParser
import Audit

/// `audit verify`: recomputes the tree and compares it with every checkpoint.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the journal's tree and compare it with every checkpoint.",
        discussion: "Exit codes: 0 intact, 9 broken (the first bad record is named), 10 intact but with records that no checkpoint covers yet."
    )

    @OptionGroup var location: JournalLocation
    @OptionGroup var trust: TrustOptions
    @Flag(help: "The report as JSON.") var json = false

    func run() throws {
        let directory = try location.path()
        var verifier = JournalVerifier(directory: directory, keys: try trust.keys(location, directory), elsewhere: try trust.checkpoints())
        let report: VerificationReport
        do throws(JournalError) {
            report = try verifier.verify()
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        Console.output(json ? report.json : report.text)
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }
}
