import Audit
import Inquiry

/// The query of a summary: the filters of `/audit/records`, those for exchanges only, and the call's own parameters.
struct SummaryQuestion: Sendable {
    private(set) var query = RecordQuery()
    private(set) var filter = RecordedExchange.Filter()
    private(set) var choice: RecordSources.Choice
    /// The call's own parameters, each at most once.
    private(set) var own: [String: String] = [:]
    let now: Timestamp

    /// Filters that rollups support.
    static let counted: Set<String> = [
        "caller", "operation", "kind", "project", "since", "until", "outcome", "phase", "instance", "code", "error_code", "credential", "source",
    ]
    /// Filters of exchanges.
    static let exchanges = counted.union([
        "task", "file_id", "sha256", "request_id", "order", "limit", "cursor", "text", "rule", "address",
    ])
    private static let longestValue = 1_024

    /// - Parameters:
    ///   - filters: the filters that this call takes.
    ///   - own: its own parameters.
    init(_ request: Request, filters: Set<String>, own names: Set<String>, places: RecordSources) throws(RecordQuery.Fault) {
        now = Timestamp.now()
        var place: String?
        try OwnParameters.checkThatEachStandsOnce(in: request)
        for (name, value) in request.parameters {
            guard value.utf8.count <= Self.longestValue else {
                throw RecordQuery.Fault(filter: name, problem: "is longer than \(Self.longestValue) bytes")
            }
            if names.contains(name) {
                own[name] = value
                continue
            }
            guard filters.contains(name) else {
                let known = filters.union(names).sorted().joined(separator: ", ")
                throw RecordQuery.Fault(filter: String(name.prefix(64)), problem: "is nothing that this call takes; there are \(known)")
            }
            switch name {
            case RecordSources.parameter: place = value
            case "text": filter.text = value.isEmpty ? nil : value
            case "code", "error_code": filter.errorCode = Self.code(value)
            case "rule": filter.rule = value
            case "credential": filter.credential = value
            case "address": filter.address = value
            default: try query.set(name, to: value, now: now)
            }
        }
        choice = try places.choice(place, instance: query.instance)
    }

    /// One of the gateway's own codes may be given as its four digits.
    private static func code(_ text: String) -> String {
        text.utf8.count == 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "HSSGW.\(text)" : text
    }

    /// A whole number among the call's own parameters.
    func number(_ name: String, _ range: ClosedRange<Int>, or usual: Int) throws(RecordQuery.Fault) -> Int {
        guard let text = own[name] else { return usual }
        guard let number = Int(text), range.contains(number) else {
            throw RecordQuery.Fault(filter: name, problem: "is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Words with commas between them.
    func words<Word: RawRepresentable<String> & CaseIterable & Hashable>(_ name: String, or usual: Set<Word>) throws(RecordQuery.Fault) -> Set<Word> {
        guard let text = own[name] else { return usual }
        var words: Set<Word> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let word = Word(rawValue: String(part)) else {
                throw RecordQuery.Fault(filter: name, problem: "is a list of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            words.insert(word)
        }
        return words
    }

    /// The same query for rollups. Another gateway's records are not in this one's journal.
    func rollups(since: Timestamp, parts: Int, deadline: ContinuousClock.Instant) -> RollupQuestion {
        var question = RollupQuestion(since: since, until: query.until, now: now, parts: parts, deadline: deadline)
        (question.query, question.errorCode, question.credential) = (query, filter.errorCode, filter.credential)
        return question
    }
}
