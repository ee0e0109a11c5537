import Audit
import Catalogue
import Policy
import Testing

@testable import Gateway

@Suite struct DecisionTests {
    private static let taking = "/v5/_/image/baseline/export"

    /// A decision about BatchExportBaselineTask, or about an operation without the parameter.
    private static func decision(query: String = "", callerDefault: String? = nil, takes: Bool = true) throws -> Exchange.Decision {
        let snapshot = try RunningGateway.snapshot(upstream: "http://127.0.0.1:1")
        let authenticator = Authenticator(
            callers: [CallerDefinition(name: "a", isAnonymous: true, projects: ["north"], defaultEnterpriseProject: callerDefault)],
            projects: snapshot.projects
        )
        let caller = try authenticator.authenticate(CallerFacts.ConnectionEvidence(address: nil, text: "unix"), isAnonymousAllowed: true)
        let operation = try #require(
            takes ? Operation(named: "BatchExportBaselineTask") : Operation.allCases.first { !$0.takesEnterpriseProject && $0.hasProject }
        )
        #expect(operation.takesEnterpriseProject == takes)
        return Exchange.Decision(
            operation: operation, route: snapshot.routes[0],
            target: try RequestTarget(originForm: Self.taking + (query.isEmpty ? "" : "?\(query)")), caller: caller,
            access: Access(operation, project: 0), isWriteAhead: false
        )
    }

    @Test(
        arguments: [
            ("enterprise_project_id=q", nil, "callers", "q", false),
            ("enterprise_project_id=q", "q", nil, "q", false),
            ("enterprise_project_id=all_granted_eps", nil, nil, "all_granted_eps", false),
            ("", "b", "callers", "b", false),
            ("", nil, "callers", "callers", true),
            ("", nil, nil, RunningGateway.defaultEnterpriseProject, true),
        ] as [(String, String?, String?, String, Bool)])
    func `lets the request win over the caller and the caller over the project`(
        query: String, body: String?, callerDefault: String?, value: String, injected: Bool
    ) throws {
        let decision = try Self.decision(query: query, callerDefault: callerDefault)
        let record = try decision.completeEnterpriseProject(body: body)
        #expect(record?.value == value)
        #expect(record?.injected == injected)
        #expect(decision.target.enterpriseProject == value)
        #expect(decision.target.query == "enterprise_project_id=\(value)")
    }

    @Test(arguments: [("a", "b"), ("0", "all_granted_eps"), ("a", "A"), ("a", "")])
    func `refuses a body that names another enterprise project than the query`(query: String, body: String) throws {
        for takes in [true, false] {
            let decision = try Self.decision(query: "enterprise_project_id=\(query)", takes: takes)
            #expect(throws: Refusal.self) { try decision.completeEnterpriseProject(body: body) }
        }
    }

    @Test func `adds nothing to operations that don't take it`() throws {
        let decision = try Self.decision(query: "limit=1", callerDefault: "callers", takes: false)
        let none = try decision.completeEnterpriseProject(body: nil)
        #expect(none?.value == nil)
        #expect(decision.target.query == "limit=1")
        let named = try decision.completeEnterpriseProject(body: "b")
        #expect(named?.value == "b")
        #expect(decision.target.query == "limit=1")
    }
}
