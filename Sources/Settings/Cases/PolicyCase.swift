/// One expectation of a policy: a caller, a request, and the expected result.
package struct PolicyCase: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        case allow
        case deny
        /// Allowed, and logged by a rule on trial that would have refused it.
        case log
    }

    package let who: String
    /// `METHOD PATH`, or an operation's name.
    package let what: String
    package let project: String?
    package let reason: String?
    /// The time of the request, as `2026-01-31T23:59:59Z`.
    package let time: String?
    package let verdict: Verdict
    /// The expected rule; nil for any.
    package let rule: String?
    /// The expected code of the refusal, as `HSSGW.4031`; nil for any.
    package let code: String?
    package let site: SettingsProblem.Site

    /// Everything but the expectation.
    fileprivate var question: [String?] { [who, what, project, reason, time] }

    /// Whether both have the same expectation, for any request.
    package func expectsTheSame(as other: PolicyCase) -> Bool {
        verdict == other.verdict && rule == other.rule && code == other.code
    }

    /// Reads `cases:` of a file, or throws all of its faults.
    package static func read(_ file: SettingsFile) throws(SettingsProblems) -> [PolicyCase] {
        var parser = DocumentParser(file: file.path)
        let tree = parser.parse(file.text)
        guard let tree, parser.problems.isEmpty else { throw SettingsProblems(parser.problems) }
        let pass = DecodingPass(.init(environment: [:], documentDirectory: "/", workingDirectory: "/"))
        let reader = SectionReader(pass, .init(.root, tree.origin), tree, keys: keys)
        let cases = reader.items("cases").map(PolicyCase.init)
        if cases.isEmpty { reader.report(.missing, "cases", "no case is written down", hint: "add `cases:` with who, what and verdict") }
        let problems = pass.problems + contradictions(cases)
        guard problems.isEmpty else { throw SettingsProblems(problems) }
        return cases
    }

    private static let keys: [SchemaKey] = [
        .items("cases", ["who", "what", "project", "reason", "time", "verdict", "rule", "code"].map(SchemaKey.value))
    ]

    private init(_ reader: SectionReader) {
        who = reader.required("who", .nameOf("a caller"), placeholder: "")
        what = reader.required("what", .text("a method and a path, or an operation's name", longest: 8_192), placeholder: "")
        project = reader.optional("project", .nameOf("a project"))
        reason = reader.optional("reason", .text("what X-Audit-Reason says", longest: 1_024))
        time = reader.optional("time", .text("a time such as 2026-01-31T23:59:59Z", longest: 32))
        verdict = reader.required("verdict", .word, placeholder: .deny)
        rule = reader.optional("rule", .text("a rule's name", longest: 256))
        code = reader.optional("code", .text("an error's code such as HSSGW.4031", longest: 16))
        site = reader.site
        if code != nil, verdict != .deny { reader.report(.conflict, "code", "what is allowed has no error's code", hint: "leave it out") }
    }

    private static func contradictions(_ cases: [PolicyCase]) -> [SettingsProblem] {
        var first: [[String?]: Int] = [:]
        return cases.enumerated().compactMap { index, one in
            guard let earlier = first[one.question] else {
                first[one.question] = index
                return nil
            }
            let other = cases[earlier]
            guard !other.expectsTheSame(as: one) else { return nil }
            return SettingsProblem(
                .conflict, one.site, "`cases[\(earlier)]` asks the same and expects something else", hint: "keep one of them")
        }
    }
}
