import Catalogue
import Policy

/// A policy in which only the last rule matches the caller and the operation.
enum Rules {
    static func make(count: Int) throws -> (Authorizer, Caller, Operation) {
        let project = Project(
            name: "bench", id: "0123456789abcdef0123456789abcdef", region: "cn-north-4", enterpriseProjectID: "0")
        let definition = CallerDefinition(name: "anonymous", isAnonymous: true, projects: ["bench"])
        let authenticator = Authenticator(callers: [definition], projects: ProjectDirectory([project]))
        let caller = try authenticator.authenticate(CallerFacts.ConnectionEvidence(address: nil, text: "unix"), isAnonymousAllowed: true)
        let path = Microbenchmarks.path
        guard let operation = OperationMatcher.match(.get, path: path.utf8.span) else { throw Missing() }
        var rules: [Rule] = []
        for index in 0..<count {
            var selection = Rule.Selection()
            selection.callers = [index == count - 1 ? caller.index : index + 1_000]
            rules.append(Rule(name: "rule-\(index)", action: .allow, selecting: selection))
        }
        return (Authorizer(rules: rules), caller, operation)
    }

    /// The catalogue has no such operation any more.
    struct Missing: Error {}
}
