import Catalogue
import Policy

/// What a caller may do under a configuration at a given time, determined by the authorizer that decides its requests.
struct CallerRights {
    /// An operation, and the caller's projects in which it is allowed.
    struct Right {
        let operation: Operation
        /// Names, in the caller's order.
        let projects: [String]
    }

    /// In the order of the operations' names.
    let all: [Right]

    /// - Parameter time: seconds since 1970, for rules that hold at certain hours.
    init(of caller: Caller, by snapshot: Snapshot, at time: Int64) {
        all = Operation.allCases.compactMap { operation in
            let step = operation.exportStep
            let projects = (operation.hasProject ? caller.projects[...] : caller.projects.prefix(1)).filter { project in
                // Assumes the caller's own export tasks, in an enterprise project that it may name.
                let access = Access(
                    operation, project: project, enterpriseProject: .open, task: step == .poll || step == .download ? .own : .none, time: time)
                return (try? snapshot.authorizer.foresee(caller, access)) != nil
            }
            return projects.isEmpty ? nil : Right(operation: operation, projects: projects.map { snapshot.projects.projects[$0].name })
        }
    }

    var kinds: [OperationKind] {
        let found = Set(all.map(\.operation.kind))
        return OperationKind.allCases.filter(found.contains)
    }

    /// The operations that contain every word of a query: in the name, path, summary, kind or tag, ignoring case.
    func matching(_ query: String) -> [Right] {
        let words = query.lowercased().split(whereSeparator: \.isWhitespace).prefix(Self.mostWords).map { Array($0.utf8) }
        guard !words.isEmpty else { return all }
        return all.filter { right in
            let text = Self.searched[right.operation.index]
            return words.allSatisfy { text.holds($0) }
        }
    }

    /// What words are searched in, of each operation.
    private static let searched = Operation.allCases.map { operation in
        let facts = OperationDescriptions.of(operation)
        let text = [operation.name, operation.template, facts.summary, facts.tag, operation.kind.rawValue].joined(separator: "\n")
        return Array(text.lowercased().utf8)
    }

    /// Number of words of a query that are used.
    private static let mostWords = 8
}

extension [UInt8] {
    fileprivate func holds(_ word: [UInt8]) -> Bool {
        guard word.count <= count else { return false }
        return (0...count - word.count).contains { self[$0...].starts(with: word) }
    }
}
