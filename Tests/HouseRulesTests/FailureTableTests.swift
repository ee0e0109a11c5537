import Testing

/// docs/failures.md guarantees something for each fault. Each guarantee is checked by existing tests.
@Suite struct FailureTableTests {
    /// A line of a table: what fails, what is guaranteed, and the named tests.
    private struct Row {
        let number: Int
        let fault: String
        let promise: String
        let tests: [String]
        let cells: Int

        /// Nil for a line that isn't in a table, and for a table's head.
        init?(_ line: String, number: Int) {
            guard line.hasPrefix("| "), !line.hasPrefix("| fault |") else { return nil }
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { String($0).trimmingPrefix(" ") }
            cells = parts.count
            self.number = number
            fault = parts.first.map(String.init) ?? ""
            promise = parts.dropFirst().first.map(String.init) ?? ""
            tests = parts.last.map { $0.matches(of: /`([^`]+)`/).map { String($0.1) } } ?? []
        }
    }

    private static func rows() throws -> [Row] {
        try SourceFile.document("docs/failures.md").split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { Row(String($1), number: $0 + 1) }
    }

    /// Every existing test, as named on the page: `Suite/name` for Swift, `file.py::name` for Python.
    private static let known: Set<String> = {
        var names: Set<String> = []
        for file in SourceFile.tests {
            let suite = file.name.split(separator: "+").first.map(String.init) ?? file.name
            for line in file.lines {
                for match in line.matches(of: /func `([^`]+)`\(/) { names.insert("\(suite)/\(match.1)") }
            }
        }
        for file in SourceFile.clientTests {
            for line in file.lines {
                guard let match = line.firstMatch(of: /^\s*def (test_\w+)\(/) else { continue }
                names.insert("\(file.name).py::\(match.1)")
            }
        }
        return names
    }()

    @Test func `names a test that exists for each fault`() throws {
        let rows = try Self.rows()
        #expect(rows.count > 100)
        #expect(Self.known.count > 1_000 && Self.known.contains("FailureTableTests/names a test that exists for each fault"))
        #expect(rows.filter { $0.cells != 3 || $0.fault.isEmpty || $0.promise.isEmpty || $0.tests.isEmpty }.map(\.number) == [])
        let missing = rows.flatMap { row in row.tests.filter { !Self.known.contains($0) }.map { "line \(row.number): \($0)" } }
        #expect(missing == [])
    }

    @Test func `has each fault once`() throws {
        let faults = try Self.rows().map(\.fault)
        #expect(Dictionary(grouping: faults, by: \.self).filter { $1.count > 1 }.keys.sorted() == [])
    }

    @Test func `notices a line without a test, and one whose test is gone`() throws {
        #expect(try #require(Row("| a | b | |", number: 1)).tests == [])
        let row = try #require(Row("| a | b | `Suite/nobody wrote this`, `test_x.py::test_y` |", number: 1))
        #expect(row.cells == 3 && row.tests.count == 2 && Self.known.isDisjoint(with: row.tests))
        #expect(Row("|---|---|---|", number: 1) == nil)
    }
}
