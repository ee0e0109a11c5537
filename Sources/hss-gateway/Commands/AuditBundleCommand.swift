import Files
import ArgumentParser
import Assembly
import Audit
import Glibc
import Inquiry

/// `audit bundle`: an export's records with everything that proves them, in one file for a reader who has neither this program nor the journal.
struct AuditBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write the records of an export, or of one exchange, with their proofs into one file that verifies itself.",
        discussion: """
            The file is a page that any current browser verifies offline; with a name that ends in .json it is the evidence alone. It has the \
            records, their inclusion proofs, the newest checkpoint and the public keys. Exit codes: 0 written, 1 the journal knows no such id or no \
            checkpoint covers it yet, 9 the records don't give the root that the checkpoint signs, or with --checkpoint the journal is broken.
            """
    )

    @OptionGroup var location: JournalLocation
    @OptionGroup var trust: TrustOptions
    @Argument(help: ArgumentHelp("An export task's id, an Audit-Id, or a request id.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Where to write it.", valueName: "file"), completion: .file()) var output: String

    func validate() throws {
        guard output != "-" else { throw ValidationError("--output names a file; /dev/stdout is the output.") }
    }

    func run() throws {
        let directory = try location.path()
        let keys = try trust.keysOrNone(location, directory)
        if !trust.checkpoint.isEmpty {
            _ = try ProvedRecords.of(directory, keys: keys, elsewhere: trust.checkpoints(), for: "bundle")
        }
        let archive = RecordArchive(directory: directory)
        archive.refresh()
        let found = try InquiryError.translating { () throws(InquiryError) in try archive.evidence(id) }
        guard let found else { throw Failure(.runtime, "This journal knows no \(id).") }
        let bundle: EvidenceBundle
        do throws(Prover.Fault) {
            bundle = try EvidenceBundle(
                of: found.sequences, in: directory, keys: keys, subject: found.subject,
                by: "hss-gateway/\(Build.version)")
        } catch {
            throw try Self.end(error, of: found.sequences)
        }
        do throws(ErrorCode) {
            try TextFile.write(output.hasSuffix(".json") ? bundle.json : bundle.html, to: output)
        } catch {
            throw Failure(.runtime, "\(output) can't be written (\(error.text)).")
        }
        Console.error("\(bundle.count) records of \(found.subject) written to \(output)")
    }

    private static func end(_ fault: Prover.Fault, of sequences: [UInt64]) throws -> any Error {
        switch fault {
        case .noCheckpoint:
            return Failure(.runtime, "No checkpoint covers record \(sequences.last ?? 0) yet: the next one is made within audit.checkpoint.interval.")
        case .removed(let before): return Failure(.runtime, "Records before \(before) were removed; of them nothing can be proven any more.")
        case .unreadable(let error): return Failure(.runtime, error.sentence)
        case .broken:
            Console.error("The records don't give the root that the checkpoint signs: run `audit verify`.")
            return ExitCode(9)
        }
    }
}

/// `audit verify-bundle`: the same verification as in the bundle's page.
struct AuditVerifyBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-bundle",
        abstract: "Verify an evidence bundle; needs nothing but the file.",
        discussion: "Exit codes: 0 intact, 9 broken: the record that was changed is named."
    )

    /// A bundle of ten thousand records has about 30 MB.
    private static let lengthLimit = 256 << 20

    @OptionGroup var trust: BundleTrust
    @Argument(help: ArgumentHelp("The bundle: a page or JSON.", valueName: "file"), completion: .file()) var file: String

    func run() throws {
        guard let text = TextFile.read(file, limit: Self.lengthLimit) else { throw Failure(.usage, "\(file) can't be read.") }
        let verification = BundleVerification(text, trusting: try trust.keys())
        Console.output(verification.text)
        guard verification.exitCode == 0 else { throw ExitCode(verification.exitCode) }
    }
}

/// The keys that an auditor of a bundle trusts.
struct BundleTrust: ParsableArguments {
    @Option(
        name: [.customLong("public-key"), .customLong("key")],
        help: ArgumentHelp("Public keys, kept by the auditor; may be repeated. Left out, those in the bundle count.", valueName: "file"),
        completion: .file())
    var publicKey: [String] = []

    func keys() throws(Failure) -> [NoteVerifier] {
        var keys: [NoteVerifier] = []
        for path in publicKey { keys += try TrustOptions.keys(path) }
        return keys
    }
}
