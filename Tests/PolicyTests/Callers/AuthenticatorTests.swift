import Testing

@testable import Policy

@Suite struct AuthenticatorTests {
    private static let projects = ProjectDirectory([
        Project(name: "north", id: "n1", region: "r", enterpriseProjectID: "0"),
        Project(name: "south", id: "s1", region: "r", enterpriseProjectID: "0"),
    ])

    private static func network(_ text: String) -> [Network] { Network(text).map { [$0] } ?? [] }

    private static let callers = [
        CallerDefinition(name: "anonymous", isAnonymous: true, projects: ["south"]),
        CallerDefinition(name: "host", networks: network("10.1.2.3"), projects: ["south", "north"], defaultEnterpriseProject: "ep"),
        CallerDefinition(name: "net", networks: network("10.0.0.0/8") + network("fd00::/8"), projects: ["north"]),
        CallerDefinition(name: "late", networks: network("10.1.2.3") + network("192.0.2.1"), projects: []),
        CallerDefinition(name: "keyed", networks: [], projects: ["north"]),
    ]

    private static func caller(at address: String?, anonymous: Bool = false, among callers: [CallerDefinition] = callers) throws -> Caller {
        try Authenticator(callers: callers, projects: projects).authenticate(
            CallerFacts.ConnectionEvidence(address: address.flatMap { NetworkAddress($0) }, text: address ?? "unix"), isAnonymousAllowed: anonymous
        )
    }

    @Test(arguments: [
        ("10.1.2.3", "host"), ("::ffff:10.1.2.3", "host"), ("10.1.2.4", "net"), ("fd12::1", "net"), ("192.0.2.1", "late"),
    ])
    func `recognises the first caller whose network holds the peer`(address: String, name: String) throws {
        for anonymous in [true, false] {
            let caller = try Self.caller(at: address, anonymous: anonymous)
            #expect(caller.name == name)
            #expect(caller.method == .cidr)
            #expect(caller.address == address)
            #expect(Self.callers[caller.index].name == name, "rules find callers by their position in the configuration")
        }
    }

    @Test(arguments: ["192.0.2.2", "::1", "127.0.0.1", nil])
    func `takes anybody else for anonymous where the listener says so`(address: String?) throws {
        let caller = try Self.caller(at: address, anonymous: true)
        #expect(caller.name == "anonymous")
        #expect(caller.method == .anonymous)
        #expect(caller.address == address ?? "unix")
        #expect(caller.index == 0)
    }

    @Test(arguments: ["192.0.2.2", "::1", "127.0.0.1", nil])
    func `knows nobody else where it doesn't`(address: String?) {
        #expect(throws: Denial.unknownCaller(address: address ?? "unix")) { try Self.caller(at: address) }
    }

    @Test func `has no anonymous caller that the configuration doesn't name`() {
        let named = Self.callers.filter { !$0.isAnonymous }
        #expect(throws: Denial.unknownCaller(address: "unix")) { try Self.caller(at: nil, anonymous: true, among: named) }
        #expect(throws: Denial.self) { try Self.caller(at: "10.0.0.1", anonymous: true, among: []) }
    }

    @Test func `hands over the caller's projects in the configuration's order`() throws {
        let caller = try Self.caller(at: "10.1.2.3")
        #expect(caller.projects == [1, 0])
        #expect(caller.defaultEnterpriseProject == "ep")
        #expect(try Self.caller(at: "192.0.2.1").projects == [])
    }
}
