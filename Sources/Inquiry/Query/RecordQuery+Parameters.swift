package import Audit

extension RecordQuery {
    /// Why a query can't be read: which filter, and its expected form.
    package struct Fault: Error, Hashable {
        /// The filter's name for the user, `since`.
        package let filter: String
        /// What is wrong, as the end of a sentence: `is no time`.
        package let problem: String

        package init(filter: String, problem: String) {
            self.filter = filter
            self.problem = problem
        }

        /// The whole sentence.
        package var sentence: String { "\(filter) \(problem)." }
    }
}

extension RecordQuery {
    /// Longest value of a filter, bytes: more than anything in the journal that it could match.
    package static let longestValue = 1_024

    /// Sets a filter from its text.
    ///
    /// - Parameter now: the reference of relative times.
    package mutating func set(_ name: String, to value: String, now: Timestamp) throws(RecordQuery.Fault) {
        guard value.utf8.count <= Self.longestValue else {
            throw RecordQuery.Fault(filter: name, problem: "is longer than \(Self.longestValue) bytes")
        }
        guard let filter = RecordFilter(rawValue: name) else {
            let known = RecordFilter.allCases.map(\.rawValue).joined(separator: ", ")
            throw RecordQuery.Fault(filter: name, problem: "is no filter; there are \(known)")
        }
        switch filter {
        case .caller: caller = value
        case .operation: operation = value
        case .kind: kind = try Self.word(value, of: name)
        case .project: project = value
        case .outcome: outcome = try Self.word(value, of: name)
        case .phase: phase = try Self.word(value, of: name)
        case .since:
            since = try Self.time(value, of: name, now: now)
            try checkSpan(name)
        case .until:
            until = try Self.time(value, of: name, now: now)
            try checkSpan(name)
        case .task: task = value
        case .file: file = value
        case .digest: digest = value.lowercased()
        case .requestID: requestID = value
        case .instance: instance = value
        case .order: order = try Self.word(value, of: name)
        case .limit:
            guard let number = Int(value), (1...Self.limitBound).contains(number) else {
                throw RecordQuery.Fault(filter: name, problem: "is no whole number from 1 to \(Self.limitBound)")
            }
            limit = number
        case .cursor:
            guard let place = RecordCursor(value) else { throw RecordQuery.Fault(filter: name, problem: "is none that a page ended with") }
            cursor = place
        }
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(_ value: String, of name: String) throws(RecordQuery.Fault) -> Word {
        guard let word = Word(rawValue: value) else {
            throw RecordQuery.Fault(filter: name, problem: "is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    /// Rejects a period that ends before it begins: it contains no records, so it must be a mistake.
    private func checkSpan(_ name: String) throws(RecordQuery.Fault) {
        guard let since, let until, since > until else { return }
        throw RecordQuery.Fault(filter: name, problem: name == "since" ? "is behind until" : "is before since")
    }

    private static func time(_ value: String, of name: String, now: Timestamp) throws(RecordQuery.Fault) -> Timestamp {
        guard let time = TimeText.read(value, now: now) else {
            throw RecordQuery.Fault(filter: name, problem: "is no time: write 2026-11-24T08:00:00Z, 2026-11-24 or an age like 30m, 24h, 7d")
        }
        return time
    }
}
