import ArgumentParser
import Assembly
import Audit

/// `audit prove`: a proof for a reader who has a checkpoint but not the journal.
struct AuditProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that a record is in the journal, or that it only grew since an older checkpoint.",
        discussion: """
            The proof of a record is a c2sp.org/tlog-proof with the record as its extra data; that of growth has the form that \
            c2sp.org/tlog-witness gives it. Exit codes: 0 proven, 9 the journal doesn't give the root that the checkpoint signs.
            """
    )

    @OptionGroup var location: JournalLocation
    @Argument(help: ArgumentHelp("The record's number, its `seq`.", valueName: "seq")) var sequence: UInt64?
    @Option(help: ArgumentHelp("Prove growth since the checkpoint of this size instead.", valueName: "size")) var since: UInt64?
    @Option(help: ArgumentHelp("The checkpoint to prove it against; the newest when left out.", valueName: "size")) var size: UInt64?

    func validate() throws {
        guard (sequence == nil) != (since == nil) else { throw ValidationError("Name a record, or --since.") }
    }

    func run() throws {
        let prover = Prover(directory: try location.path())
        do throws(Prover.Fault) {
            if let sequence {
                Console.output(try prover.inclusion(of: sequence, at: size))
            } else if let since {
                Console.output(try prover.consistency(from: since, to: size))
            }
        } catch {
            switch error {
            case .noCheckpoint: throw Failure(.usage, uncovered)
            case .removed(let before): throw Failure(.usage, "Records before \(before) were removed; of them nothing can be proven any more.")
            case .unreadable(let error): throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
            case .broken:
                Console.error("The records don't give the root that the checkpoint signs: run `audit verify`.")
                throw ExitCode(9)
            }
        }
    }

    private var uncovered: String {
        if let size { return "There is no checkpoint of the size \(size) that covers it; without --size the newest one is taken." }
        return "No checkpoint covers it yet, or there is no such record: `audit verify` says how far checkpoints and records reach."
    }
}
