import Inquiry
import NIOPosix

/// The sources of records for the admin port: this gateway's journal, which is always up to date, or the central copy of all gateways.
struct RecordSources: Sendable {
    /// The parameter that chooses the source.
    static let parameter = "source"
    /// All that choose it: with another gateway's name, `instance` does.
    static let parameters = [parameter, RecordFilter.instance.rawValue]

    /// Its values.
    enum Choice: String, CaseIterable {
        case journal, fleet
    }

    /// The name of this gateway in its records.
    let instance: String
    let journal: RecordArchive
    /// Nil if no sink of type `postgresql` is configured.
    let fleet: FleetArchive?

    /// Threads that wait for the database only: if it hangs, threads that read the journal must not be blocked.
    private static let databaseThreads = threads()
    private static let databaseSearches = threads()
    /// For questions that take seconds: those that are answered at once never wait behind them.
    private static let searches = threads()

    private static func threads() -> NIOThreadPool {
        let pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
        return pool
    }

    /// The threads for queries of a source.
    static func threads(for choice: Choice, _ cost: QuestionCost) -> NIOThreadPool {
        switch cost {
        case .nothing, .lookup: choice == .fleet ? databaseThreads : .singleton
        case .wait, .search: choice == .fleet ? databaseSearches : searches
        }
    }

    /// The threads for a request's query.
    static func threads(for choice: Choice, _ request: Request) -> NIOThreadPool { threads(for: choice, QuestionCost(request) ?? .lookup) }

    /// The chosen source. The default is the journal; another gateway's records are in the central copy only.
    ///
    /// - Parameters:
    ///   - word: the parameter's value.
    ///   - wanted: the instance in the query.
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

    /// The source of a choice.
    func source(_ choice: Choice) -> any RecordSource {
        if choice == .fleet, let fleet { fleet } else { journal }
    }
}
