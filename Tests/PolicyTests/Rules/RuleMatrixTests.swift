import Catalogue
import Testing

@testable import Policy

/// The compiled rules compared with rules that are evaluated one after the other, over generated policies.
@Suite struct RuleMatrixTests {
    private static let callerCount = 6
    private static let projectCount = 3
    private static let enterpriseProjects = ["0", "7", "8", EnterpriseProjectRights.allGranted]
    private static let projects = ProjectDirectory(
        (0..<projectCount).map { Project(name: "p\($0)", id: "id\($0)", region: "r", enterpriseProjectID: "0") })

    /// Callers `c0` to `c5`; the last two have a list of enterprise projects.
    private static func callers() throws -> [Caller] {
        let definitions = (0..<callerCount).map { index in
            var definition = CallerDefinition(
                name: "c\(index)", networks: Network("10.0.0.\(index)").map { [$0] } ?? [], projects: ["p0", "p1", "p2"])
            definition.enterpriseProjects = index == 4 ? .only(["7"]) : index == 5 ? .single : .any
            return definition
        }
        let authenticator = Authenticator(callers: definitions, projects: projects)
        return try (0..<callerCount).map { try #require(authenticator.presumed("c\($0)")) }
    }

    /// The documented algorithm, literally.
    private static func reference(_ rules: [Rule], _ caller: Caller, _ access: Access) -> String {
        for rule in rules {
            if let callers = rule.callers, !callers.contains(caller.index) { continue }
            if let operations = rule.operations, !operations.contains(access.operation) { continue }
            if let kinds = rule.kinds, !kinds.contains(access.operation.kind) { continue }
            if let methods = rule.methods, !methods.contains(access.operation.method) { continue }
            if let projects = rule.projects, !projects.contains(access.project) { continue }
            if let hours = rule.hours, !hours.contains(access.time) { continue }
            if let listed = rule.enterpriseProjects {
                guard case .named(let value) = access.enterpriseProject else { continue }
                let reachesIn = rule.action == .deny && value == EnterpriseProjectRights.allGranted
                if !listed.contains(value), !reachesIn { continue }
            }
            if rule.action == .deny { return "deny \(rule.name)" }
            switch (access.task, rule.tasks) {
            case (.others, .own), (.others, .unclaimed), (.unclaimed, .own): continue
            default: break
            }
            if case .named(let value) = access.enterpriseProject, !caller.enterpriseProjects.allows(value) { return "enterprise project" }
            return "allow \(rule.name)"
        }
        return "deny default-deny"
    }

    private static func answer(_ authorizer: Authorizer, _ caller: Caller, _ access: Access) -> String {
        do throws(Denial) {
            return "allow \(try authorizer.authorize(caller, access).rule.name)"
        } catch {
            switch error {
            case .policy(_, _, let rule): return "deny \(rule)"
            case .task: return "task"
            case .enterpriseProject: return "enterprise project"
            default: return "\(error)"
            }
        }
    }

    private static func rule(_ index: Int, _ random: inout SplitMix64) -> Rule {
        var selection = Rule.Selection()
        func some<Value>(_ values: [Value], _ random: inout SplitMix64) -> [Value] { values.filter { _ in random.next() % 2 == 0 } }
        if random.next() % 2 == 0 { selection.callers = Set(some(Array(0..<callerCount), &random)) }
        if random.next() % 3 == 0 {
            let part = ["List", "Export", "Show", "B"].randomElement(using: &random) ?? ""
            selection.operations = OperationSet(Operation.allCases.filter { $0.name.contains(part) })
        }
        if random.next() % 3 == 0 { selection.kinds = Set(some(OperationKind.allCases, &random)) }
        if random.next() % 4 == 0 { selection.methods = Set(some(OperationMethod.allCases, &random)) }
        if random.next() % 3 == 0 { selection.projects = Set(some(Array(0..<projectCount), &random)) }
        if random.next() % 3 == 0 { selection.enterpriseProjects = Set(some(enterpriseProjects, &random)) }
        if random.next() % 4 == 0 { selection.hours = Hours(days: Set(some(Array(0..<7), &random)), from: 480, to: 1_080, zone: 480) }
        selection.tasks = TaskStanding.Scope.allCases.randomElement(using: &random) ?? .own
        return Rule(name: "r\(index)", action: random.next() % 3 == 0 ? .deny : .allow, selecting: selection)
    }

    @Test(arguments: [0, 1, 7, 63, 64, 65, 200]) func `decides as the rules read one after the other`(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count) &+ 11)
        let callers = try Self.callers()
        let operations = Operation.allCases.filter { $0.index % 37 == 0 || $0.exportStep != nil }
        for _ in 0..<6 {
            let rules = (0..<count).map { Self.rule($0, &random) }
            let authorizer = Authorizer(rules: rules)
            for caller in callers {
                for operation in operations {
                    for project in 0..<Self.projectCount {
                        var access = Access(operation, project: project, time: Int64(random.next() % 4_000_000_000))
                        let value = Self.enterpriseProjects.randomElement(using: &random) ?? "0"
                        access.enterpriseProject = random.next() % 4 == 0 ? .none : .named(value)
                        access.task = operation.exportStep == nil ? .none : [.own, .others, .unclaimed].randomElement(using: &random) ?? .own
                        let expected = Self.reference(rules, caller, access)
                        let found = Self.answer(authorizer, caller, access)
                        // A refusal that only depends on ownership has a name of its own.
                        #expect(found == expected || found == "task" && expected.hasPrefix("deny"), "\(caller.name) \(access)")
                    }
                }
            }
        }
    }

    @Test func `refuses before the body only what no body could make allowed`() throws {
        var random = SplitMix64(seed: 5)
        let callers = try Self.callers()
        let operation = try #require(Operation(named: "BatchExportBaselineTask"))
        for _ in 0..<300 {
            let authorizer = Authorizer(rules: (0..<5).map { Self.rule($0, &random) })
            for caller in callers {
                var access = Access(operation, project: 0, enterpriseProject: .open)
                guard (try? authorizer.foresee(caller, access)) == nil else { continue }
                for value in Self.enterpriseProjects {
                    access.enterpriseProject = .named(value)
                    #expect(!Self.answer(authorizer, caller, access).hasPrefix("allow"))
                }
            }
        }
    }

    @Test func `says that only the ownership of the task is in the way`() throws {
        var selection = Rule.Selection()
        selection.tasks = .own
        let authorizer = Authorizer(rules: [Rule(name: "mine", action: .allow, selecting: selection)])
        let operation = try #require(Operation(named: "ListDownloadExportedFile"))
        let caller = try #require(try Self.callers().first)
        let denial = Denial.task(operation: operation.name, caller: "c0", rule: "mine", isOthers: true)
        #expect(throws: denial) { _ = try authorizer.authorize(caller, Access(operation, project: 0, task: .others)).rule }
    }
}
