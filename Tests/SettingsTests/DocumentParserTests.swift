import Testing

@testable import Settings

@Suite struct DocumentParserTests {
    private func parse(_ text: String) -> (tree: LocatedNode?, problems: [SettingsProblem]) {
        var parser = DocumentParser(file: "f")
        let tree = parser.parse(text)
        return (tree, parser.problems)
    }

    @Test(arguments: [
        (text: "a: [1, 2\n", places: ["2:1 syntax"]),
        (text: "a:\n\t- b\n", places: ["2:1 syntax"]),
        (text: "a: b: c\n", places: ["1:5 syntax"]),
        (text: "a: 1\n---\nb: 2\n", places: ["2:1 syntax"]),
        (text: "a: !!binary x\n", places: ["1:4 syntax"]),
        (text: "a: *gone\n", places: ["1:4 syntax"]),
        (text: "callers: [*]\n", places: ["1:11 syntax"]),
        (text: "operations: [ *Export* ]\n", places: ["1:15 syntax"]),
        (text: "a: 1\nb: 2\na: 3\n", places: ["3:1 duplicate_key"]),
        (
            text: "a: 1\na: 2\na: 3\nb: { c: 1, c: 2, \"c\": 3 }\n",
            places: ["2:1 duplicate_key", "3:1 duplicate_key", "4:12 duplicate_key", "4:18 duplicate_key"]
        ),
        (text: "a: 1\r\n\r\na: 2\r\nb: 1\r\nb: 2\r\n", places: ["3:1 duplicate_key", "5:1 duplicate_key"]),
        (text: "? [a]\n: 1\n", places: ["1:3 syntax"]),
        (text: "a: \u{F8FF}\n", places: ["1:1 syntax"]),
        (text: "<<: 1\n", places: ["1:5 wrong_type"]),
    ])
    func `reports faults of form at their place`(text: String, places: [String]) {
        #expect(Fixture.places(parse(text).problems.sorted()) == places)
    }

    @Test func `keeps quoted stars and scalars in block style as they are written`() {
        let (tree, problems) = parse("a: \"*\"\nb: ['*x', \"BatchExport*\", x *y]\nc: |\n  *z *\n")
        #expect(problems.isEmpty)
        #expect(tree?["a"]?.scalar?.text == "*")
        #expect(tree?["b"]?.elements?.map { $0.scalar?.text } == ["*x", "BatchExport*", "x *y"])
        #expect(tree?["c"]?.scalar?.text == "*z *\n")
    }

    @Test func `resolves aliases and merge keys, explicit keys first`() {
        let (tree, problems) = parse("base: &b { x: 1, y: 2 }\nuse: { <<: *b, y: 3 }\nsame: *b\n")
        #expect(problems.isEmpty)
        #expect(tree?["use"]?["x"]?.scalar?.text == "1")
        #expect(tree?["use"]?["y"]?.scalar?.text == "3")
        #expect(tree?["same"]?["y"]?.scalar?.text == "2")
    }

    @Test(arguments: [
        "[%, %, %, %, %, %, %, %, %, %]", "{ ? % : 1, b: [%, %, %, %, %, %, %, %, %] }", "{ <<: [%, %, %, %], z: [%, %, %, %, %, %] }",
    ])
    func `bounds what nested aliases expand to`(level: String) {
        var text = "l0: &a0 { k: v }\n"
        for number in 1...40 { text += "l\(number): &a\(number) \(level.replacing("%", with: "*a\(number - 1)"))\n" }
        let clock = ContinuousClock()
        let took = clock.measure { #expect(!parse(text).problems.isEmpty) }
        // Without the limit this is 10^40 values: it would never end.
        #expect(took < .seconds(60))
    }

    @Test func `refuses nesting deeper than any configuration, and survives much more of it`() {
        #expect(parse(String(repeating: "[", count: 40) + String(repeating: "]", count: 40)).problems.count == 1)
        #expect(parse(String(repeating: "[", count: 500_000)).problems.count == 1)
    }

    @Test func `stops after a bounded number of repeated keys`() {
        let text = (0...DocumentParser.mostDuplicateKeys * 2).map { _ in "a: 1\n" }.joined()
        let (tree, problems) = parse(text)
        #expect(tree == nil)
        #expect(problems.map(\.kind) == [.duplicateKey])
    }

    @Test(arguments: ["", "# only a comment\n", "---\n", "~\n"]) func `takes an empty document for one without keys`(text: String) {
        let (tree, problems) = parse(text)
        #expect(problems.isEmpty)
        #expect(tree?.hasContent == false)
    }
}
