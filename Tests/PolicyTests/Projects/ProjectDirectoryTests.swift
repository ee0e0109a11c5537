import Testing

@testable import Policy

@Suite struct ProjectDirectoryTests {
    private static let directory = ProjectDirectory([
        Project(name: "north", id: "0123456789abcdef0123456789abcdef", region: "r", enterpriseProjectID: "0"),
        Project(name: "south", id: "s1", region: "r", enterpriseProjectID: "0"),
        Project(name: "west", id: "w1", region: "r", enterpriseProjectID: "0"),
    ])

    private static func caller(_ projects: [String]) throws -> Caller {
        try Authenticator(callers: [CallerDefinition(name: "team", isAnonymous: true, projects: projects)], projects: directory)
            .authenticate(CallerFacts.ConnectionEvidence(address: nil, text: "unix"), isAnonymousAllowed: true)
    }

    /// The answer for a project segment in a path.
    private static func resolve(_ segment: String, for projects: [String]) throws -> Int {
        let target = try RequestTarget(originForm: "/v5/\(segment)/x")
        return try directory.resolve(try #require(target.projectReference), for: try caller(projects))
    }

    @Test(arguments: [("north", 0), ("0123456789abcdef0123456789abcdef", 0), ("south", 1), ("s1", 1), ("%73outh", 1)])
    func `finds a granted project by name and by id`(segment: String, position: Int) throws {
        #expect(try Self.resolve(segment, for: ["south", "north"]) == position)
    }

    @Test(arguments: ["_", "-", "%7Bproject_id%7D", "%7bproject_id%7d"])
    func `takes a placeholder for the caller's first project`(segment: String) throws {
        #expect(try Self.resolve(segment, for: ["south", "north"]) == 1)
        #expect(try Self.resolve(segment, for: ["north", "south"]) == 0)
        #expect(throws: Denial.project(named: "_", caller: "team", granted: [])) { try Self.resolve(segment, for: []) }
    }

    @Test(arguments: ["west", "w1", "nowhere", "0123456789abcdef0123456789abcde0", "North", "s", "__", "project_id"])
    func `says the same of a project that isn't granted and of one that doesn't exist`(segment: String) {
        #expect(throws: Denial.project(named: segment, caller: "team", granted: ["south", "north"])) {
            try Self.resolve(segment, for: ["south", "north"])
        }
    }
}
