import Settings
import Testing

@testable import Assembly

/// The warnings of `config check`, with the catalogue's own operations.
@Suite struct SettingsWarningTests {
    private static func warnings(_ policy: String, callers: String = "", more: String = "") throws -> [String] {
        let text = """
            credentials: [{ name: k, type: token, token_file: /t }]
            projects: [{ name: north, id: n1, region: cn-north-4, credential: k }, { name: south, id: s1, region: cn-north-1, credential: k }]
            callers:
              - { name: a, projects: [north], authenticate: { cidr: [10.0.0.0/8] } }
              - { name: b, projects: ["*"], authenticate: { cidr: [10.1.0.0/16] } }
            policy: [\(policy)]
            \(more)
            """
        return SettingsLoader.gateway.warnings(try Fixture.settings(text)).map { "\($0.path): \($0.message)" }
    }

    private static let all = "{ name: all, action: allow, tasks: any }"

    @Test(arguments: [
        all, "{ name: r, kinds: [read], action: allow }, { name: all, action: allow }",
        "{ name: d, callers: [a], kinds: [write], action: deny }, { name: b, callers: [b], action: allow }, { name: a, callers: [a], action: allow }",
        "{ name: r, action: allow, tasks: own }, { name: s, action: allow }",
        "{ name: r, action: allow, tasks: any, hours: { days: [mon] } }, { name: s, action: allow }",
        "{ name: r, projects: [north], action: allow, tasks: any }, { name: s, action: allow }",
        "{ name: r, operations: [\"List*\"], action: allow, tasks: any }, { name: s, kinds: [read], action: allow }",
        "{ name: r, action: allow }, { name: s, kinds: [download], action: deny }",
    ])
    func `says nothing of rules that each decide something`(policy: String) throws {
        let warnings = try Self.warnings(policy).filter { !$0.hasPrefix("callers") }
        #expect(warnings.isEmpty, "\(warnings)")
    }

    @Test(arguments: [
        ("\(all), { name: x, kinds: [read], action: deny }", "`all`"),
        (
            "{ name: r, kinds: [read, write], action: deny }, { name: e, kinds: [export, download], action: deny }, { name: x, action: allow }",
            "`r`, `e`"
        ),
        ("{ name: r, callers: [a, b], action: allow, tasks: any }, { name: x, callers: [b], projects: [south], action: deny }", "`r`"),
        ("{ name: r, action: allow }, { name: x, operations: [\"List*\"], action: allow }", "`r`"),
        // The owner of a task matters for polls and downloads only.
        ("{ name: r, callers: [a], action: allow }, { name: x, callers: [a], kinds: [write], action: deny }", "`r`"),
        ("{ name: r, action: allow, tasks: own }, { name: x, operations: [BatchExportBaselineTask], action: deny }", "`r`"),
    ])
    func `names a rule that nothing can reach, and what is before it`(policy: String, names: String) throws {
        let warnings = try Self.warnings(policy).filter { $0.hasPrefix("policy") }
        #expect(warnings.count == 1 && warnings[0].contains("nothing can reach this rule") && warnings[0].contains(names), "\(warnings)")
    }

    @Test func `names a first rule that refuses everything, and a rule that fits no operation`() throws {
        let first = try Self.warnings("{ name: d, action: deny }, \(Self.all)")
        #expect(first.contains { $0.hasPrefix("policy[0]: the first rule refuses everything") })
        let none = try Self.warnings("{ name: n, operations: [BatchExportBaselineTask], methods: [GET], action: allow }, \(Self.all)")
        #expect(none.count == 1 && none[0].hasPrefix("policy[0]: no operation has"))
    }

    @Test func `names a caller that no rule allows anything`() throws {
        let narrow = try Self.warnings("{ name: r, callers: [b], action: allow, tasks: any }")
        #expect(narrow == ["callers[0]: no rule allows this caller anything"])
        let elsewhere = try Self.warnings("{ name: r, projects: [south], action: allow, tasks: any }")
        #expect(elsewhere == ["callers[0]: no rule allows this caller anything"])
        let denied = try Self.warnings("{ name: d, callers: [a], action: deny }, { name: r, action: allow }")
        #expect(denied == ["callers[0]: no rule allows this caller anything"])
    }

    @Test func `names durations of which one ends the other`() throws {
        let warnings = try Self.warnings(Self.all, more: "upstream: { total_timeout: 20s }\naudit: { retain: 2h }")
        #expect(warnings.contains { $0.contains("`upstream.first_byte_timeout` is longer than `upstream.total_timeout`") })
        #expect(warnings.contains { $0.contains("`audit.rotate.age` is longer than `audit.retain`") })
    }
}
