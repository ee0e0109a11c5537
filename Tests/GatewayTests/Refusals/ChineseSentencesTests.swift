import Foundation
import Testing

@testable import Gateway

/// Every sentence of a refusal has a Chinese one with the same values.
@Suite struct ChineseSentencesTests {
    /// The tables' lines, alternating English and Chinese.
    private static let pairs: [(english: String, chinese: String)] = [
        ChineseSentences.requests, ChineseSentences.standing, ChineseSentences.targets,
    ].flatMap { table in
        let lines = table.split(separator: "\n").map(String.init)
        return stride(from: 0, to: lines.count - 1, by: 2).map { (lines[$0], lines[$0 + 1]) }
    }

    @Test func `has every sentence that the sources say`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let known = Set(Self.pairs.map(\.english))
        var found: Set<String> = []
        for folder in ["Gateway", "Policy/RequestTarget"] {
            let files = try #require(FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil))
            for case let file as URL in files where file.pathExtension == "swift" && !file.path().contains("/Explaining/") {
                found.formUnion(SentencesInSource.all(in: try String(contentsOf: file, encoding: .utf8)))
            }
        }
        #expect(found.count > 250)
        #expect(found.subtracting(known).sorted() == [], "without a Chinese sentence")
        #expect(known.subtracting(found).sorted() == [], "nobody says this any more")
    }

    @Test func `finds a sentence wherever a refusal is made`() {
        let source = """
            // Refusal(.a, "In a comment.", hint: "Not this one.")
            throw Refusal(
                .tooFast, "The caller \\(list(name, before: "and")) is too " + "fast.", hint: flag ? "Wait a bit." : "Go \\(x) away.", rule: "a b")
            let other = "Nobody sends this."
            """
        #expect(SentencesInSource.all(in: source) == ["The caller {} is too fast.", "Wait a bit.", "Go {} away."])
    }

    @Test func `keeps the values of each sentence`() {
        for (english, chinese) in Self.pairs {
            #expect(english.components(separatedBy: "{}").count == chinese.components(separatedBy: "{}").count, "\(english)")
            #expect(chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(english)")
        }
        #expect(Set(Self.pairs.map(\.english)).count == Self.pairs.count)
        let table = ChineseSentences.shared
        #expect(table.translating("The caller a may not use the project b c.") == "调用方 a 不可使用项目 b c。")
        #expect(table.translating("HSS took too long to begin its answer.") == "HSS 超时：未能按时开始应答。")
        #expect(table.translating("Did you mean GET /v5/{project_id}/a (ListA)?") == "您要调用的是否为 GET /v5/{project_id}/a（ListA）？")
        #expect(table.translating("Nobody wrote this.") == nil)
    }

    @Test(
        arguments: [
            (nil, "en"), ("", "en"), ("zh", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.9,zh;q=0.8", "en"), ("zh;q=0", "en"),
            ("*", "en"),
            ("zh;q=0.000, en;q=0", "en"), ("de, zh-Hans;q=0.1", "zh"), ("en;q=0.1, *;q=0.5", "zh"), ("zh;q=0.5,en;q=0.5", "zh"), ("EN, ZH", "en"),
            ("zh;q=1.001", "en"), ("zh;q=banana", "en"), ("zh ; q=0.7 , en ; q=0.3", "zh"), ("zhx", "en"), ("zh;level=1", "en"), ("fr, *;q=0", "en"),
        ] as [(String?, String)])
    func `follows the weights of Accept-Language`(field: String?, language: String) {
        #expect(AnswerLanguage(accepting: field).rawValue == language)
    }
}

/// Finds the sentences of refusals in Swift source, with `{}` for each interpolated value.
private enum SentencesInSource {
    static func all(in source: String) -> Set<String> {
        let code = source.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.drop { $0 == " " }.hasPrefix("//") }
            .joined(separator: "\n")
        // No word boundaries: by Unicode's rules there is none between a dot and a letter.
        let calls = #/Refusal\(|self\.init\(|malformed\(/#
        let texts = #/(?:sentence|[hH]int(?:AfterSending)?|action|pathSentence)\b[^\n]*(?:->|:) (?:String|Refusal)\??[^\n]*\{/#
        var found: Set<String> = []
        for match in code.matches(of: calls) { found.formUnion(literals(in: block(code[match.range.upperBound...], "(", ")"))) }
        for match in code.matches(of: texts) { found.formUnion(literals(in: block(code[match.range.upperBound...], "{", "}"))) }
        return found.filter { $0.contains(" ") && $0.count > 8 }
    }

    /// The text before the closing bracket; brackets in literals are balanced in these sources.
    private static func block(_ text: Substring, _ open: Character, _ close: Character) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    /// String literals; those joined by `+` are one.
    private static func literals(in code: Substring) -> [String] {
        var found: [(text: String, end: Substring.Index)] = []
        var index = code.startIndex
        while index < code.endIndex {
            guard code[index] == "\"" else {
                index = code.index(after: index)
                continue
            }
            let start = index
            var text = ""
            index = code.index(after: index)
            while index < code.endIndex, code[index] != "\"" {
                guard code[index] == "\\" else {
                    text.append(code[index])
                    index = code.index(after: index)
                    continue
                }
                index = code.index(after: index)
                guard code[index] == "(" else {
                    text.append(code[index])
                    index = code.index(after: index)
                    continue
                }
                text += "{}"
                let inner = block(code[code.index(after: index)...], "(", ")")
                index = code.index(after: inner.endIndex)
            }
            index = index < code.endIndex ? code.index(after: index) : index
            if let last = found.last, code[last.end..<start].allSatisfy({ $0.isWhitespace || $0 == "+" }), code[last.end..<start].contains("+") {
                found[found.count - 1] = (last.text + text, index)
            } else {
                found.append((text, index))
            }
        }
        return found.map(\.text)
    }
}
