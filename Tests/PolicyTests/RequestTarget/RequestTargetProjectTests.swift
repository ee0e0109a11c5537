import Testing

@testable import Policy

@Suite struct RequestTargetProjectTests {
    static let references: [(raw: String, reference: ProjectReference?)] = [
        ("/v5/_/hosts", .placeholder), ("/v5/-/hosts", .placeholder), ("/v5/{project_id}/hosts", .template),
        ("/v5/{project_id}", .template),
        ("/v5/%7Bproject_id%7D/hosts", .template), ("/v5/%7bproject_id%7d/hosts?a=1", .template), ("/v5/%5f/hosts", .placeholder),
        ("/v5/prod-north/hosts", .named("prod-north")), ("/v5/%66%66/hosts", .named("ff")),
        ("/v5/setting/account/accounts", .named("setting")),
        ("/v5/__/hosts", .named("__")), ("/v5/a%40b/hosts", .named("a@b")),
        ("/v5", nil), ("/v4/_/hosts", nil), ("/V5/_/hosts", nil), ("/", nil),
    ]

    @Test(arguments: references)
    func `recognises what stands for the project`(raw: String, reference: ProjectReference?) throws {
        #expect(try RequestTarget(originForm: raw).projectReference == reference)
    }

    @Test(arguments: ["/v5/p/{project_id}", "/{project_id}/p", "/v5/{project_id}x/p", "/v5/{Project_id}/p", "/v5/p/x?q={project_id}"])
    func `lets raw braces stand nowhere else`(raw: String) {
        #expect(throws: RequestTargetError.self) { try RequestTarget(originForm: raw) }
    }

    @Test(arguments: ["_", "prod-north", "{project_id}", "0123456789abcdef0123456789abcdef", "a"])
    func `puts another project in`(project: String) throws {
        let id = "0123456789abcdef0123456789abcdef"
        let target = try RequestTarget(originForm: "/v5/\(project)/event/events?enterprise_project_id=7&limit=1").replacingProject(with: id)
        let direct = try RequestTarget(originForm: "/v5/\(id)/event/events?enterprise_project_id=7&limit=1")
        #expect(target == direct)
        #expect(PercentCoding.decoded(target.segments[3]) == "events")
        #expect(target.enterpriseProject == "7")
        #expect(target.projectReference == .named(id))
    }
}
