import Inquiry
import NIOPosix

/// Where the admin port can read records: this gateway's journal, which is never older than the question, or the central copy of all gateways.
struct RecordSources: Sendable {
    /// The parameter that chooses.
    static let parameter = "source"

    /// What it can say.
    enum Choice: String, CaseIterable {
        case journal, fleet
    }

    /// What this gateway's records call it.
    let instance: String
    let journal: RecordArchive
    /// Nothing where no sink of type `postgresql` is configured.
    let fleet: FleetArchive?

    /// Threads that wait for the database, and for nothing else: one that hangs must not keep those busy that read the journal.
    private static let databaseThreads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
        return pool
    }()

    /// The threads on which a place is asked.
    func threads(for choice: Choice) -> NIOThreadPool { choice == .fleet ? Self.databaseThreads : .singleton }

    /// The place of a choice. Without a word the journal is asked; another gateway's records are in the central copy only.
    ///
    /// - Parameters:
    ///   - word: the parameter's value.
    ///   - wanted: the instance that the question names.
    func choice(_ word: String?, instance wanted: String?) throws(RecordQuery.Fault) -> Choice {
        let choice: Choice
        if let word {
            guard let known = Choice(rawValue: word) else {
                throw RecordQuery.Fault(filter: Self.parameter, problem: "is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            choice = known
        } else {
            choice = wanted != nil && wanted != instance && fleet != nil ? .fleet : .journal
        }
        if choice == .fleet, fleet == nil {
            throw RecordQuery.Fault(filter: Self.parameter, problem: "can't be fleet: no sink of type postgresql is configured")
        }
        return choice
    }

    /// Whoever answers for a choice.
    func source(_ choice: Choice) -> any RecordSource {
        if choice == .fleet, let fleet { fleet } else { journal }
    }
}
