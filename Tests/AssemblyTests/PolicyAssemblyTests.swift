import Catalogue
import Policy
import Testing

@testable import Assembly

@Suite struct PolicyAssemblyTests {
    private static let policy = """
        callers:
          - { name: team, authenticate: { cidr: [10.0.0.0/8, "fd00::/8"] }, projects: [south, north], enterprise_projects: { default: "9" } }
          - { name: all, authenticate: { cidr: [192.0.2.1] }, projects: ["*"] }
        policy:
          - { name: no-agents, callers: ["*"], operations: ["*Agent*"], action: deny }
          - { name: exports, callers: [team], operations: ["BatchExport*"], projects: [south], action: allow }
          - { name: reads, callers: ["*"], kinds: [read], methods: [GET], action: allow }

        """

    private static func caller(_ address: String, in policy: PolicyAssembly) throws -> Caller {
        try policy.authenticator.authenticate(
            CallerFacts.ConnectionEvidence(address: NetworkAddress(address), text: address), isAnonymousAllowed: true
        )
    }

    /// The rule that decided, with `!` before one that denied.
    private static func decision(_ operation: String, of caller: Caller, project: Int, in policy: PolicyAssembly) throws -> String {
        let operation = try #require(Operation(named: operation))
        do throws(Denial) {
            return try policy.authorizer.authorize(caller, Access(operation, project: project)).rule.name
        } catch {
            guard case .policy(_, _, let rule) = error else { return "\(error)" }
            return "!\(rule)"
        }
    }

    @Test func `lists projects in the order of the file`() throws {
        let policy = PolicyAssembly(try Fixture.settings(Fixture.projects + Self.policy))
        #expect(policy.projects.projects.map(\.name) == ["north", "south"])
        #expect(policy.projects.projects.map(\.id) == ["n1", "s1"])
        #expect(policy.projects.projects.map(\.enterpriseProjectID) == ["7", "0"])
    }

    @Test func `grants callers their projects in their own order, and all of them for a star`() throws {
        let policy = PolicyAssembly(try Fixture.settings(Fixture.projects + Self.policy))
        let team = try Self.caller("10.1.1.1", in: policy)
        #expect(team.name == "team" && team.projects == [1, 0] && team.defaultEnterpriseProject == "9")
        #expect(try Self.caller("fd00::1", in: policy).name == "team")
        #expect(try Self.caller("192.0.2.1", in: policy).projects == [0, 1])
        #expect(throws: Denial.self) { try Self.caller("192.0.2.2", in: policy) }
    }

    @Test func `makes rules that decide as they are written`() throws {
        let policy = PolicyAssembly(try Fixture.settings(Fixture.projects + Self.policy))
        let team = try Self.caller("10.1.1.1", in: policy)
        let all = try Self.caller("192.0.2.1", in: policy)
        #expect(try Self.decision("BatchExportBaselineTask", of: team, project: 1, in: policy) == "exports")
        #expect(try Self.decision("BatchExportBaselineTask", of: team, project: 0, in: policy) == "!default-deny")
        #expect(try Self.decision("BatchExportBaselineTask", of: all, project: 1, in: policy) == "!default-deny")
        #expect(try Self.decision("ListHostStatus", of: all, project: 0, in: policy) == "reads")
        #expect(try Self.decision("ListAgentInstallScript", of: all, project: 0, in: policy) == "!no-agents")
    }

    @Test func `has one anonymous caller where the file names none`() throws {
        let text = Fixture.projects + "policy:\n  - { name: every, action: allow }\n"
        let policy = PolicyAssembly(try Fixture.settings(text))
        let caller = try Self.caller("192.0.2.2", in: policy)
        #expect(caller.name == "anonymous" && caller.method == .anonymous && caller.projects == [0, 1])
        for operation in Operation.allCases {
            #expect(try Self.decision(operation.name, of: caller, project: 0, in: policy) == "every")
        }
    }
}
