import ArgumentParser
import Assembly
import Audit

/// `audit verify`: recomputes the tree and compares it with every checkpoint.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the journal's tree and compare it with every checkpoint.",
        discussion: """
            Exit codes: 0 intact, 9 broken (the first bad record is named), 10 intact but with records that no checkpoint covers yet. Where there is \
            no journal there is no verdict: 9 when a key or a checkpoint was given, since what they vouch for is gone, 2 otherwise.
            """
    )

    @OptionGroup var location: JournalLocation
    @OptionGroup var trust: TrustOptions
    @Flag(help: "The report as JSON.") var json = false

    func run() throws {
        let directory = try location.chosenPath()
        guard try JournalLocation.holdsJournal(directory) else { throw try missing("There is no journal in \(directory)") }
        var verifier = JournalVerifier(directory: directory, keys: try trust.keys(location, directory), elsewhere: try trust.checkpoints())
        let progress = ProgressLine()
        verifier.observe = { read, all in progress.show("\(read) of \(all) records, \(all == 0 ? 100 : read * 100 / all) %") }
        let report: VerificationReport
        do throws(JournalError) {
            defer { progress.clear() }
            report = try verifier.verify()
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        // A gateway's first record is that of its start: a journal without any is as good as none.
        guard report.head.size > 0 || report.fault != nil else { throw try missing("There is no record in \(directory)") }
        Console.output(json ? report.json : report.text)
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }

    /// The end where there is nothing to verify.
    private func missing(_ sentence: String) throws -> ExitCode {
        guard trust.isGiven else { throw Failure(.usage, "\(sentence): name its directory with --directory.") }
        Console.error("\(sentence), and the key or checkpoint that was given vouches for one.")
        return ExitCode(9)
    }
}
