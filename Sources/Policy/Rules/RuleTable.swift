import Catalogue

/// The rules, compiled: for each caller, operation, project and enterprise project a row of bits, one bit for each rule that matches. A request
/// intersects its rows one machine word at a time and takes the first bit: 64 rules cost one step, and the number of callers, operations and projects
/// costs nothing.
struct RuleTable: Sendable {
    let rules: [Rule]
    private let width: Int
    private let callers: BitRows
    private let operations: BitRows
    private let projects: BitRows
    private let tasks: BitRows
    /// Rows of `scopes` by value; rows 0 to 3 are for no, any, several and an unnamed enterprise project.
    private let scopes: BitRows
    private let named: [String: Int]
    /// The rows of values that differ from named ones only in upper and lower case: a rule that denies a named value denies them too.
    private let spelled: [String: Int]

    private enum ScopeRow {
        static let none = 0
        static let open = 1
        static let all = 2
        static let unnamed = 3
        static let count = 4
    }

    init(_ rules: [Rule]) {
        self.rules = rules
        width = (rules.count + UInt64.bitWidth - 1) / UInt64.bitWidth
        let highestCaller = rules.compactMap { $0.callers?.max() }.max() ?? -1
        let highestProject = rules.compactMap { $0.projects?.max() }.max() ?? -1
        // The last row is for all callers and projects that no rule names.
        callers = BitRows(highestCaller + 2, rules) { rule, row in rule.callers?.contains(row) ?? true }
        projects = BitRows(highestProject + 2, rules) { rule, row in rule.projects?.contains(row) ?? true }
        operations = BitRows(Operation.count, rules) { rule, row in rule.covers(Operation(index: row)) }
        let standings: [TaskStanding] = [.own, .unclaimed, .others]
        tasks = BitRows(standings.count, rules) { rule, row in rule.action == .deny || rule.tasks.covers(standings[row]) }
        let values = Set(rules.flatMap { $0.enterpriseProjects ?? [] }).sorted()
        let spellings = Set(values.map { $0.lowercased() }).sorted()
        named = Dictionary(uniqueKeysWithValues: zip(values, ScopeRow.count...))
        spelled = Dictionary(uniqueKeysWithValues: zip(spellings, (ScopeRow.count + values.count)...))
        scopes = BitRows(ScopeRow.count + values.count + spellings.count, rules) { rule, row in
            guard let listed = rule.enterpriseProjects else { return true }
            switch row {
            case ScopeRow.none, ScopeRow.unnamed: return false
            case ScopeRow.open: return rule.action.letsThrough
            case ScopeRow.all: return rule.action == .deny || listed.contains(EnterpriseProjectRights.allGranted)
            case ..<(ScopeRow.count + values.count):
                let value = values[row - ScopeRow.count]
                return listed.contains(value) || rule.action == .deny && listed.contains { $0.lowercased() == value.lowercased() }
            default:
                return rule.action == .deny && listed.contains { $0.lowercased() == spellings[row - ScopeRow.count - values.count] }
            }
        }
    }

    /// The index of the first rule that matches. Returning the rule itself would retain a dozen references.
    func first(for caller: Int, _ access: Access) -> Int? {
        let rows =
            [
                callers.row(min(caller, callers.count - 1)), operations.row(access.operation.index),
                projects.row(min(access.project, projects.count - 1)), scopes.row(scope(access.enterpriseProject)), tasks.row(task(access.task)),
            ] as InlineArray<5, Int>
        for word in 0..<width {
            var bits =
                callers.words[rows[0] + word] & operations.words[rows[1] + word] & projects.words[rows[2] + word]
                & scopes.words[rows[3] + word] & tasks.words[rows[4] + word]
            while bits != 0 {
                let rule = word * UInt64.bitWidth + bits.trailingZeroBitCount
                if rules[rule].hours?.contains(access.time) ?? true { return rule }
                bits &= bits - 1
            }
        }
        return nil
    }

    private func scope(_ scope: Access.EnterpriseProjectScope) -> Int {
        switch scope {
        case .none: ScopeRow.none
        case .open: ScopeRow.open
        case .named(EnterpriseProjectRights.allGranted): ScopeRow.all
        case .named(let value): named.isEmpty ? ScopeRow.unnamed : named[value] ?? spelled[value.lowercased()] ?? ScopeRow.unnamed
        }
    }

    private func task(_ standing: TaskStanding) -> Int {
        switch standing {
        case .none, .own: 0
        case .unclaimed: 1
        case .others: 2
        }
    }
}

/// Rows of bits, end to end.
struct BitRows: Sendable {
    let words: [UInt64]
    let count: Int
    private let width: Int

    init(_ count: Int, _ rules: [Rule], _ isSet: (Rule, Int) -> Bool) {
        let width = (rules.count + UInt64.bitWidth - 1) / UInt64.bitWidth
        var words = [UInt64](repeating: 0, count: count * width)
        for (index, rule) in rules.enumerated() {
            let bit = UInt64(1) << UInt64(index % UInt64.bitWidth)
            for row in 0..<count where isSet(rule, row) { words[row * width + index / UInt64.bitWidth] |= bit }
        }
        self.words = words
        self.count = count
        self.width = width
    }

    /// Index at which a row begins.
    func row(_ row: Int) -> Int { row * width }
}
