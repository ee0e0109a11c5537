import Catalogue
import Testing

@testable import Policy

/// That a permit can't be used twice is checked by the compiler: `Permit` is `~Copyable`, and its use consumes it.
@Suite struct AuthorizerTests {
    private static let projects = ProjectDirectory([
        Project(name: "north", id: "n1", region: "r", enterpriseProjectID: "0"),
        Project(name: "south", id: "s1", region: "r", enterpriseProjectID: "0"),
    ])

    /// A request with simple names, for tables.
    struct Question: Sendable {
        var caller = 0
        var operation = "ListHostStatus"
        var project = 0
    }

    private static func rule(_ name: String, _ action: Rule.Action = .allow, _ select: (inout Rule.Selection) -> Void = { _ in }) -> Rule {
        var selection = Rule.Selection()
        select(&selection)
        return Rule(name: name, action: action, selecting: selection)
    }

    /// The name of the rule that allowed it.
    private static func allowing(_ question: Question = Question(), by rules: [Rule]) throws -> String {
        let definitions = (0..<2).map { index in
            CallerDefinition(name: "c\(index)", networks: Network("10.0.0.\(index)").map { [$0] } ?? [], projects: ["north", "south"])
        }
        let address = "10.0.0.\(question.caller)"
        let caller = try Authenticator(callers: definitions, projects: projects).authenticate(
            CallerFacts.ConnectionEvidence(address: NetworkAddress(address), text: address), isAnonymousAllowed: false
        )
        let operation = try #require(Operation(named: question.operation))
        let permit = try Authorizer(rules: rules).authorize(caller, Access(operation, project: question.project))
        return permit.rule.isOnTrial ? "\(permit.rule.name) (log)" : permit.rule.name
    }

    @Test func `lets through what a rule on trial would refuse, says so, and refuses what it doesn't cover`() throws {
        let trial = Self.rule("trial", .log) { $0.callers = [0] }
        #expect(try Self.allowing(by: [trial]) == "trial (log)")
        #expect(try Self.allowing(by: [Self.rule("first"), trial]) == "first")
        #expect(try Self.allowing(by: [trial, Self.rule("second", .deny)]) == "trial (log)")
        #expect(throws: Denial.self) { try Self.allowing(Question(caller: 1), by: [trial]) }
        #expect(throws: Denial.self) { try Self.allowing(by: [Self.rule("no", .deny), trial]) }
    }

    @Test func `allows nothing without a rule`() {
        let denial = Denial.policy(operation: "ListHostStatus", caller: "c0", rule: "default-deny")
        #expect(throws: denial) { try Self.allowing(by: []) }
        #expect(throws: denial) { try Self.allowing(by: [Self.rule("others") { $0.callers = [1] }]) }
    }

    @Test func `lets the first rule that matches decide`() throws {
        #expect(try Self.allowing(by: [Self.rule("first"), Self.rule("second", .deny)]) == "first")
        #expect(
            try Self.allowing(by: [Self.rule("other", .deny) { $0.callers = [1] }, Self.rule("second"), Self.rule("third")]) == "second")
        #expect(throws: Denial.policy(operation: "ListHostStatus", caller: "c0", rule: "stop")) {
            try Self.allowing(by: [Self.rule("stop", .deny), Self.rule("go")])
        }
    }

    @Test(arguments: [
        (Question(caller: 0), true), (Question(caller: 1), false), (Question(project: 1), false),
        (Question(operation: "BatchExportBaselineTask"), false),
    ])
    func `matches only when every selector does`(question: Question, isAllowed: Bool) throws {
        let rules = [
            Self.rule("narrow") {
                $0.callers = [0]
                $0.operations = OperationSet(Operation.allCases.filter { $0.name.hasPrefix("List") })
                $0.kinds = [.read]
                $0.methods = [.get]
                $0.projects = [0]
            }
        ]
        if isAllowed {
            #expect(try Self.allowing(question, by: rules) == "narrow")
        } else {
            #expect(throws: Denial.self) { try Self.allowing(question, by: rules) }
        }
    }

    @Test func `takes an empty selector for nobody and an absent one for everybody`() throws {
        let empty: [(inout Rule.Selection) -> Void] = [
            { $0.callers = [] }, { $0.operations = OperationSet() }, { $0.kinds = [] }, { $0.methods = [] }, { $0.projects = [] },
        ]
        for select in empty { #expect(throws: Denial.self) { try Self.allowing(by: [Self.rule("nobody", .allow, select)]) } }
        for index in 0..<2 {
            for project in 0..<2 {
                #expect(try Self.allowing(Question(caller: index, project: project), by: [Self.rule("all")]) == "all")
            }
        }
    }

    @Test func `goes by what an operation does, whatever its method`() throws {
        let reads = [Self.rule("reads") { $0.kinds = [.read] }]
        for operation in Operation.allCases {
            let question = Question(operation: operation.name)
            if operation.kind == .read {
                #expect(try Self.allowing(question, by: reads) == "reads")
            } else {
                #expect(throws: Denial.policy(operation: operation.name, caller: "c0", rule: "default-deny")) {
                    try Self.allowing(question, by: reads)
                }
            }
        }
    }
}
