import Catalogue
import Gateway
import Settings
import Testing

@testable import Assembly

@Suite struct PolicyTrialTests {
    private static let text = """
        credentials: [{ name: k, type: aksk, access_key_file: /nowhere/ak, secret_key_file: /nowhere/sk }]
        projects: [{ name: north, region: cn-north-4, credential: k }, { name: south, id: s1, region: cn-north-1, credential: k }]
        callers:
          - { name: a, projects: [north], authenticate: { cidr: [10.0.0.0/8] } }
        policy:
          - { name: exports, operations: [BatchExportBaselineTask], action: allow, hours: { days: [mon], zone: UTC } }
          - { name: reads, kinds: [read], action: allow }
        """

    private func cases(_ text: String) throws -> [PolicyCase] {
        try PolicyCase.read(SettingsFile(path: "cases.yaml", text: text))
    }

    @Test func `a policy is asked without any secret, for operations by their names`() throws {
        let trial = try PolicyTrial(try Fixture.settings(Self.text))
        let export = try #require(Operation(named: "BatchExportBaselineTask"))
        let target = PolicyTrial.target(of: export, project: "north")
        #expect(target == "/v5/north/image/baseline/export")
        func verdict(_ time: String, _ caller: String = "a", _ target: String = target) throws -> PolicyTrial.Verdict {
            trial.verdict(
                on: Explanation.Request(method: "POST", target: target, callerName: caller, secondsSinceEpoch: try PolicyTrial.seconds(time)))
        }
        #expect(try verdict("2026-11-23T12:00:00Z").text == "allow (exports)")
        #expect(try verdict("2026-11-24T12:00:00Z").code == "HSSGW.4031")
        #expect(try verdict("2026-11-23T12:00:00Z", "a", target.replacing("north", with: "south")).code == "HSSGW.4033")
        #expect(try verdict("2026-11-23T12:00:00Z", "nobody").code == "HSSGW.4010")
    }

    @Test func `reads cases with their places, and names what is wrong with them`() throws {
        let text = """
            cases:
              - { who: a, what: ListHostStatus, verdict: allow, rule: reads }
              - { who: a, what: "GET /v5/_/x", verdict: deny, code: HSSGW.4030 }
            """
        let good = try cases(text)
        #expect(good.map(\.verdict) == [.allow, .deny] && good[1].code == "HSSGW.4030")
        for text in [
            "cases: []\n", "{}\n", "cases: [{ who: a, what: x, verdict: maybe }]\n", "cases: [{ who: a, verdict: deny }]\n",
            "cases: [{ who: a, what: x, verdict: allow, code: HSSGW.4031 }]\n", "cases: [{ who: a, what: x, verdict: deny, ruel: y }]\n",
        ] {
            #expect(throws: SettingsProblems.self, "\(text)") { try cases(text) }
        }
    }

    @Test func `two cases that ask the same and expect something else contradict each other`() throws {
        let text = "cases:\n  - { who: a, what: ListHostStatus, verdict: allow }\n  - { who: a, what: ListHostStatus, verdict: deny }\n"
        let problems = #expect(throws: SettingsProblems.self) { try cases(text) }
        #expect(problems?.problems.map(\.path.description) == ["cases[1]"])
        _ = try cases("cases:\n  - { who: a, what: ListHostStatus, verdict: allow }\n  - { who: a, what: ListHostStatus, verdict: allow }\n")
    }

    @Test func `suggested rules are a policy that allows just what was called`() throws {
        let used = ["a": ["ListHostStatus": Set(["north"]), "ShowExportTask": ["north"], "BatchExportBaselineTask": ["north", "south"]]]
        let text = PolicyTrial.Suggestion.rules(used, comment: "")
        let base = Self.text.prefix(upTo: try #require(Self.text.firstRange(of: "policy:")).lowerBound)
        let settings = try Fixture.settings(base + text)
        #expect(settings.policy.map(\.name) == ["a-1", "a-2"])
        #expect(settings.policy[0].operations?.map(\.text) == ["ListHostStatus", "ShowExportTask"])
        #expect(settings.policy[1].projects == ["north", "south"])
    }
}
