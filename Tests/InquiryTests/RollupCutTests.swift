import Audit
import Testing

@testable import Inquiry

/// A query reads only rows of the dimensions that it distinguishes.
@Suite struct RollupCutTests {
    private static let day: Int64 = 86_400
    private static let begin = RollupEntry.minute(JournalFixture.start.microseconds)

    /// Exchanges over one day, many kinds of them in each hour.
    private static func journal(_ count: Int) throws -> JournalFixture {
        let journal = try JournalFixture()
        try journal.write(
            (0..<count).map { number -> Record in
                let kind: Record.Kind = number % 9 == 0 ? .export : number % 10 == 0 ? .download : number % 4 == 0 ? .write : .read
                let isRefused = number % 7 == 0
                // Bounded: a day's seconds.
                return journal.record(
                    number * Int(day) / count, isRefused ? .refusal : .response, caller: "team-\(number % 12)", operation: "Operation\(number % 8)",
                    kind: kind, outcome: isRefused ? .refused : number % 11 == 0 ? .failure : .success
                ) { record in
                    if isRefused { record.errorCode = "HSSGW.403\(number % 2)" }
                    record.credential = Record.Credential(name: "keys-\(number % 3)", type: "aksk", accessKeyTail: "ABCD")
                    record.responseBody = Record.ResponseBody(bytes: number)
                    if number % 5 == 0 { record.detail = ["waited_us": .integer(Int64(number) * 1_000)] }
                }
            })
        #expect(journal.archive.refresh())
        return journal
    }

    /// What a page uses of a group.
    private static func name(_ group: RollupGroup, _ tells: Set<RollupQuestion.Dimension>) -> String {
        let marks = [group.isExport ? "export" : "", group.isDownload ? "download" : "", group.isSum ? "sum" : ""].joined()
        let caller = tells.isDisjoint(with: [.caller, .everything]) ? "" : group.caller
        let credential = tells.isDisjoint(with: [.credential, .everything]) ? "" : group.credential
        return "\(group.outcome) \(group.errorCode) \(marks) \(caller) \(credential)"
    }

    private static func sums(
        _ archive: RecordArchive, _ question: RollupQuestion, named tells: Set<RollupQuestion.Dimension>
    ) throws -> [[String: Rollup]] {
        try archive.sum(question, from: [[String: Rollup]](repeating: [:], count: question.parts)) { sums, part, group, rollup in
            sums[part][name(group, tells), default: Rollup()].add(rollup)
        }.sum
    }

    @Test(arguments: [[], [.caller], [.credential], [.caller, .credential]] as [Set<RollupQuestion.Dimension>])
    func `counts are the same whatever else a question could have told apart`(tells: Set<RollupQuestion.Dimension>) throws {
        let journal = try Self.journal(600)
        let filters: [(inout RollupQuestion) -> Void] = [
            { _ in }, { $0.query.caller = "team-3" }, { $0.credential = "keys-1" }, { $0.query.outcome = .refused }, { $0.errorCode = "HSSGW.4031" },
            { $0.query.kind = .export }, { $0.query.operation = "Operation3" }, { $0.query.project = "prod" }, { $0.query.phase = .response },
            { ($0.query.caller, $0.credential) = ("team-4", "keys-1") },
        ]
        for (number, filter) in filters.enumerated() {
            var question = RollupQuestion(begin: Self.begin, step: 36, parts: 40, deadline: .now + .seconds(60))
            filter(&question)
            let full = try Self.sums(journal.archive, question, named: tells)
            question.tells = tells
            #expect(try Self.sums(journal.archive, question, named: tells) == full, "filter \(number)")
            #expect(full.contains { !$0.isEmpty }, "filter \(number)")
        }
    }

    @Test func `a question reads the narrowest rows that answer it`() {
        func cut(_ tells: Set<RollupQuestion.Dimension>, _ filter: (inout RollupQuestion) -> Void = { _ in }) -> RollupCut {
            var question = RollupQuestion(begin: 0, step: 1, parts: 1, deadline: .now)
            question.tells = tells
            filter(&question)
            return RollupCut(question)
        }
        #expect(cut([]) == .outcome && cut([.caller]) == .caller && cut([.credential]) == .credential && cut([.everything]) == .full)
        #expect(cut([]) { $0.query.outcome = .refused } == .outcome && cut([]) { $0.errorCode = "HSSGW.4031" } == .outcome)
        #expect(cut([]) { $0.query.caller = "a" } == .caller && cut([]) { $0.credential = "a" } == .credential)
        #expect(cut([.caller]) { $0.credential = "a" } == .full && cut([.caller, .credential]) == .full)
        for filter in [{ $0.query.operation = "a" }, { $0.query.kind = .read }, { $0.query.project = "a" }] as [(inout RollupQuestion) -> Void] {
            #expect(cut([], filter) == .full)
        }
    }

    @Test(arguments: [0, 1, 29_999_999, 59_999_999] as [Int64])
    func `plots of an hour, a day and a month have the steps that rollups are kept of`(into: Int64) {
        let minute: Int64 = 60_000_000
        let now = Timestamp(microseconds: JournalFixture.start.microseconds + 754 * minute + into)
        let plots: [(age: Int64, parts: Int, step: Int64)] = [
            (60, 60, 1), (1_440, 48, 30), (1_440, 72, 20), (1_440, 24, 60), (43_200, 30, 1_440), (43_200, 72, 600),
        ]
        for (age, parts, step) in plots {
            let since = Timestamp(microseconds: now.microseconds - age * minute)
            let question = RollupQuestion(since: since, until: nil, now: now, parts: parts, deadline: .now)
            #expect(question.step == step && question.part(of: RollupEntry.minute(now.microseconds)) == parts - 1, "\(age) in \(parts)")
            // No part needs shorter slots than its own length.
            let longest = RollupStep.allCases.last { step % $0.rawValue == 0 } ?? .minute
            #expect(question.pieces(newest: RollupEntry.minute(now.microseconds)).allSatisfy { $0.step == longest }, "\(age) in \(parts)")
        }
    }

    /// The console's first queries. A machine's time varies; SQLite's own steps are the same everywhere.
    @Test func `first data of a page costs about as much in a long journal as in a short one`() throws {
        let (few, many) = (try Self.journal(800), try Self.journal(8_000))
        func rollups(_ question: RollupQuestion) -> (SQLiteConnection) throws -> Void {
            { database in
                var rows = 0
                try RecordArchive.indexed(database, question, &rows) { rows, _, _, _ in rows += 1 }
                #expect(rows > 0)
            }
        }
        func question(_ parts: Int, _ step: Int64, _ tells: Set<RollupQuestion.Dimension>) -> RollupQuestion {
            var question = RollupQuestion(begin: Self.begin, step: step, parts: parts, deadline: .now + .seconds(60))
            question.tells = tells
            return question
        }
        func list(_ change: (inout RecordQuery) -> Void) -> (SQLiteConnection) throws -> Void {
            var query = RecordQuery()
            query.limit = 50
            change(&query)
            let asked = query
            return { database in
                var found = 0
                try IndexReader(database: database, bounds: 0..<Int64.max).find(asked) { _ in
                    found += 1
                    return found <= asked.limit
                }
                #expect(found > 0)
            }
        }
        let asked: [(page: String, ask: (SQLiteConnection) throws -> Void)] = [
            ("a day by outcome", rollups(question(48, 30, []))), ("a month by outcome", rollups(question(30, 1_440, []))),
            ("a day of each caller", rollups(question(1, 1_440, [.caller]))), ("hours of each caller", rollups(question(24, 60, [.caller]))),
            ("a day of each credential", rollups(question(1, 1_440, [.credential]))),
            ("records", list { $0.since = JournalFixture.start }), ("refusals of a caller", list { ($0.caller, $0.outcome) = ("team-7", .refused) }),
            ("exports", list { ($0.kind, $0.phase) = (.export, .response) }),
        ]
        for (page, ask) in asked {
            let steps = try [few, many].map { (journal: JournalFixture) -> Int in
                let database = try #require(try journal.archive.index.openToRead())
                let before = database.steps
                try database.read(ask)
                return database.steps - before
            }
            #expect(steps[1] <= 5 * steps[0], "\(page): \(steps[0]) steps, and \(steps[1])")
        }
    }
}
