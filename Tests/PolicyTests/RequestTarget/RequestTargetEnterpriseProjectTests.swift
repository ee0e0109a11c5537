import Testing

@testable import Policy

@Suite struct RequestTargetEnterpriseProjectTests {
    static let values: [(query: String, value: String?)] = [
        ("", nil), ("?limit=1", nil), ("?enterprise_project_id=0", "0"),
        ("?z=1&enterprise_project_id=all_granted_eps&a=2", "all_granted_eps"),
        ("?enterprise_project_id=%39%2D%39", "9-9"), ("?&&&enterprise_project_id=a&&", "a"),
        ("?enterprise=1&project=2&enterprise_project=3", nil),
        ("?sort_key=enterprise_project_id", nil),
    ]

    @Test(arguments: values)
    func `finds the value wherever it stands`(query: String, value: String?) throws {
        #expect(try RequestTarget(originForm: "/v5/p/x" + query).enterpriseProject == value)
    }

    static let faults: [(query: String, fault: EnterpriseProjectFault)] = [
        ("enterprise_project_id=a&enterprise_project_id=b", .repeated), ("enterprise_project_id=a&enterprise_project_id=a", .repeated),
        ("enterprise_project_id=a&limit=1&enterprise_project_id", .repeated),
        ("enterprise%5Fproject%5Fid=b", .encodedName), ("enterprise_project_id=a&%65nterprise_project_id=b", .encodedName),
        ("ENTERPRISE_PROJECT_ID=b", .lookAlikeName), ("enterprise-project-id=b", .lookAlikeName), ("enterpriseProjectId=b", .lookAlikeName),
        ("enterprise_project_id%5B%5D=b", .lookAlikeName), ("enterprise_project_id.x=b", .lookAlikeName),
        ("enterprise_project_id+=b", .lookAlikeName),
        ("+enterprise_project_id=b", .lookAlikeName), ("enterprise_project_id%20=b", .lookAlikeName),
        ("x%5Benterprise_project_id%5D=b", .lookAlikeName),
        ("%26enterprise_project_id=b", .lookAlikeName), ("%EF%BD%85nterprise_project_id=b", .lookAlikeName),
        ("enterprise_project_id", .empty), ("enterprise_project_id=", .empty),
        ("enterprise_project_id=*", .forbiddenCharacter), ("enterprise_project_id=a%20", .forbiddenCharacter),
        ("enterprise_project_id=a%26enterprise_project_id=b", .forbiddenCharacter), ("enterprise_project_id=a+", .forbiddenCharacter),
        ("enterprise_project_id=" + String(repeating: "a", count: 257), .tooLong),
        ("enterprise_project_id=ALL_GRANTED_EPS", .lookAlikeValue), ("enterprise_project_id=all-granted-eps", .lookAlikeValue),
        ("enterprise_project_id=allGrantedEps", .lookAlikeValue), ("enterprise_project_id=_all_granted_eps", .lookAlikeValue),
        ("limit=1%26enterprise_project_id=b", .hiddenInValue), ("limit=1%3Benterprise_project_id%3Db", .hiddenInValue),
        ("limit=1%3fenterpriseProjectId=b", .hiddenInValue),
    ]

    @Test(arguments: faults)
    func `refuses whatever a lenient server could take for another tenant`(query: String, fault: EnterpriseProjectFault) {
        #expect(throws: RequestTargetError.enterpriseProject(fault)) { try RequestTarget(originForm: "/v5/p/x?" + query) }
    }

    @Test(arguments: [
        "%00enterprise_project_id=b", "enterprise_project_id%0a=b", "enterprise_project_id=a;enterprise_project_id=b",
        "limit=1;enterprise_project_id=b",
        "limit=1&amp;enterprise_project_id=b", "limit=1?enterprise_project_id=b", "?enterprise_project_id=b",
    ])
    func `refuses the tricks that are no query at all`(query: String) {
        #expect(throws: RequestTargetError.self) { try RequestTarget(originForm: "/v5/p/x?" + query) }
    }

    @Test func `takes a value of 256 characters`() throws {
        let value = String(repeating: "a", count: EnterpriseProjectParameter.maximumValueBytes)
        #expect(try RequestTarget(originForm: "/v5/p/x?enterprise_project_id=" + value).enterpriseProject == value)
    }

    @Test(arguments: [
        "", "?limit=1", "?a=1", "?a=1&z=2", "?z=2", "?enterprise=1", "?enterprise_project=1&enterprise_projects=2", "?a%5B%5D=1&f%5B%5D=2",
        "?E=1&e=2&f=3",
        "?a=1&b=2&c=3", "?f=1&g=2", "?%5Bx=1",
    ])
    func `puts a default where parsing would have put it`(query: String) throws {
        let target = try RequestTarget(originForm: "/v5/p/x" + query).settingEnterpriseProject("0")
        let separator = query.isEmpty ? "?" : "&"
        #expect(try target == RequestTarget(originForm: "/v5/p/x\(query)\(separator)enterprise_project_id=0"))
        #expect(target.enterpriseProject == "0")
    }

    @Test func `keeps the caller's value`() throws {
        let target = try RequestTarget(originForm: "/v5/p/x?enterprise_project_id=7")
        #expect(target.settingEnterpriseProject("0") == target)
    }

    @Test func `reserved names hold a letter by which most others are told apart without folding`() {
        let reserved = [
            "enterprise_project_id", "Project-ID", "authorization", "Proxy-Authorization", "X-Auth-Token", "auth_token", "X-Subject-Token",
            "X-Security-Token",
            "x-sdk-date", "X_SDK_Content", "Cookie",
        ]
        for name in reserved {
            if case .ordinary = QueryName(canonical: Array(name.utf8)[...]) { Issue.record("\(name) passes for an ordinary name") }
        }
    }
}
