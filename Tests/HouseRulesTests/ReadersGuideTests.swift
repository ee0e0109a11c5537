import Testing

/// docs/architecture.md guides a reader along one export. What it names exists, and the list stays short.
@Suite struct ReadersGuideTests {
    /// A line of the guide: a file and the functions to read in it.
    private struct Stop {
        let file: String
        let functions: [String]

        /// Nil for a line that isn't in the table, and for its head.
        init?(_ line: Substring) {
            let cells = line.split(separator: "|").map(String.init)
            guard line.hasPrefix("| `"), cells.count == 3, let file = cells[0].firstMatch(of: /`(\S+\.swift)`/) else { return nil }
            self.file = String(file.1)
            functions = cells[1].matches(of: /`(\w+)`/).map { String($0.1) }
        }

        var folder: Substring { file[..<(file.lastIndex(of: "/") ?? file.startIndex)] }

        func names(missingIn source: SourceFile) -> [String] {
            functions.filter { name in
                !source.code.contains { $0.contains("func \(name)(") || $0.contains("func \(name)<") || name == "init" && $0.contains("init(") }
            }
        }
    }

    private static func stops() throws -> [Stop] {
        let page = try SourceFile.document("docs/architecture.md")
        let from = try #require(page.firstRange(of: "### Reading the code along one export")).upperBound
        let section = page[from...]
        let end = section.firstRange(of: "\n## ")?.lowerBound ?? section.endIndex
        return section[..<end].split(separator: "\n").compactMap { Stop($0) }
    }

    @Test func `names files and functions that exist`() throws {
        let sources = Dictionary(grouping: SourceFile.sources, by: \.path).compactMapValues(\.first)
        for stop in try Self.stops() {
            let source = try #require(sources["Sources/" + stop.file], "\(stop.file)")
            #expect(!stop.functions.isEmpty && stop.names(missingIn: source) == [], "\(stop.file)")
        }
    }

    @Test func `leads along an export in few stops, files, changes of folder and returns`() throws {
        let stops = try Self.stops()
        #expect(stops.count > 30, "the guide is read")
        var left: Set<String> = []
        var changes = 0
        var returns = 0
        for (stop, next) in zip(stops, stops.dropFirst()) where stop.file != next.file {
            left.insert(stop.file)
            if left.contains(next.file) { returns += 1 }
            if stop.folder != next.folder { changes += 1 }
        }
        #expect(stops.count <= 60)
        #expect(Set(stops.map(\.file)).count <= 30)
        #expect(changes <= 25)
        #expect(returns <= 10)
    }

    @Test func `notices a function that is gone`() throws {
        let stop = try #require(Stop("| `Gateway/A.swift` | `open`, `init`, `gone` | what happens |"))
        let source = SourceFile(path: "Sources/Gateway/A.swift", lines: ["    func open() {}", "    init(head: Int) {}", "    // func gone()"])
        #expect(stop.names(missingIn: source) == ["gone"])
        #expect(Stop("| file | read | what happens |") == nil && Stop("|---|---|---|") == nil)
    }
}
