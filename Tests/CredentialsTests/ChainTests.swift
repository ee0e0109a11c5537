import Testing

@testable import Credentials

@Suite struct ChainTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func place(_ exchange: ScriptedExchange) -> IdentityPlace {
        IdentityPlace(
            iam: IdentityEndpoint(url: "https://iam.test", host: "iam.test"), sts: IdentityEndpoint(url: "https://sts.test", host: "sts.test"),
            exchange: exchange, clock: ClockOffset(), wall: { .seconds(1_795_421_730) })
    }

    private func accessKey(_ chain: DefaultChain, _ exchange: ScriptedExchange = ScriptedExchange([])) async throws -> String? {
        let fetched = try await chain.fetcher(place(exchange)).fetch()
        if case .signingKey(let key) = fetched.material { return key.accessKeyID }
        return nil
    }

    private func variables(_ values: [String: String]) -> DefaultChain {
        DefaultChain { name in values[name].map { .value(Secret($0)) } }
    }

    @Test func `the environment comes before the profile`() async throws {
        try folder.replace("profile", with: "[basic]\nak = PROFILEAK\nsk = s\n")
        var chain = variables(["HUAWEICLOUD_SDK_AK": "ENVAK", "HUAWEICLOUD_SDK_SK": "s"])
        chain.profile = folder.path("profile")
        #expect(try await accessKey(chain) == "ENVAK")
    }

    @Test(arguments: ["basic", "basiccredentials", "basic.credentials", "BasicCredentials"])
    func `reads the profile under each of the names that SDKs use`(section: String) async throws {
        let text = "# c\n[other]\nak=NO\nsk=NO\n[\(section)]\r\n ak : PROFILEAK \r\n; c\nsk= with=equals\nsecurity_token = tok\n[global]\nak=NO\n"
        try folder.replace("profile", with: text)
        var chain = variables([:])
        chain.profile = folder.path("profile")
        #expect(try await accessKey(chain) == "PROFILEAK")
        let profile = try Profile(path: folder.path("profile"))
        #expect(try #require(profile["sk"]).isEqual(to: Secret("with=equals")))
    }

    @Test func `falls through to the metadata service, and from there to the pod's agent`() async throws {
        var chain = variables(["HUAWEICLOUD_SDK_AK": "HALF"])
        chain.profile = folder.path("none")
        #expect(try await accessKey(chain, ScriptedExchange([ScriptedExchange.answer(200, "T"), ScriptedExchange.keys(200)])) == "TMPAK")
        let endpoint = IdentityEndpoint(url: "http://127.0.0.1:1", host: "127.0.0.1:1")
        chain.pod = PodIdentity(endpoint: endpoint, path: "/p", token: .value(Secret("t")))
        let offCloud = ScriptedExchange([.failure(.unreachable), ScriptedExchange.keys(200)])
        #expect(try await accessKey(chain, offCloud) == "TMPAK")
        #expect(offCloud.asked.map(\.target) == ["/meta-data/latest/api/token", "/p"])
    }

    @Test func `an identity token wins over keys, and its failure doesn't let another identity act`() async throws {
        var chain = variables(["HUAWEICLOUD_SDK_AK": "ENVAK", "HUAWEICLOUD_SDK_SK": "s"])
        chain.federation = ("idp", .value(Secret("jwt")))
        let refusing = ScriptedExchange([ScriptedExchange.answer(401)])
        await #expect(throws: IdentityFault(.iam, .refused, host: "iam.test")) { _ = try await accessKey(chain, refusing) }
        #expect(refusing.asked.count == 1)
    }

    @Test func `says so when nothing is set up`() async throws {
        let fault = await #expect(throws: IdentityFault.self) { _ = try await accessKey(variables([:])) }
        #expect(fault?.service == .metadata && fault?.word == "unreachable")
    }
}
