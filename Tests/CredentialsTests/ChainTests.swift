import Testing

@testable import Credentials

@Suite struct ChainTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func place(_ exchange: ScriptedExchange) -> IAMContext {
        IAMContext(
            iam: IAMEndpoint(url: "https://iam.test", host: "iam.test"), sts: IAMEndpoint(url: "https://sts.test", host: "sts.test"),
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
        chain.profile = profile()
        #expect(try await accessKey(chain) == "ENVAK")
    }

    @Test(arguments: ["basic", "basiccredentials", "basic.credentials", "BasicCredentials"])
    func `reads the profile under each of the names that SDKs use`(section: String) async throws {
        let text = "# c\n[other]\nak=NO\nsk=NO\n[\(section)]\r\n ak : PROFILEAK \r\n; c\nsk= with=equals\nsecurity_token = tok\n[global]\nak=NO\n"
        try folder.replace("profile", with: text)
        var chain = variables([:])
        chain.profile = profile()
        #expect(try await accessKey(chain) == "PROFILEAK")
        let sk = try Profile(path: folder.path("profile")).secret("sk", as: .text)
        #expect(try #require(sk).isEqual(to: Secret("with=equals")))
    }

    /// The variables and files of an incompletely configured source, each with something missing.
    static let begun: [(variables: [String: String], profile: String?, names: String)] = [
        (["HUAWEICLOUD_SDK_AK": "HALF"], nil, "HUAWEICLOUD_SDK_SK"), (["HUAWEICLOUD_SDK_SK": "s"], nil, "HUAWEICLOUD_SDK_AK"),
        (["HUAWEICLOUD_SDK_SECURITY_TOKEN": "t"], nil, "HUAWEICLOUD_SDK_AK"), ([:], "[basic]\nak = AK1\n", "`sk`"),
        ([:], "\u{FEFF}[basic]\nak = AK1\nsk = s\n", "byte order mark"), ([:], "ak = AK1\nsk = s\n", "line 1"),
        ([:], "[global]\nak = AK1\nsk = s\n", "[basic]"), ([:], "[basic]\nidp_id = x\nak = AK1\nsk = s\n", "id_token_file"),
        ([:], "[basic]\nidp_id = x\nid_token_file = /t\niam_endpoint = http://iam.example\n", "iam_endpoint"),
    ]

    @Test(arguments: begun)
    func `a way that is begun and incomplete ends the search with its name`(variables: [String: String], profile: String?, names: String) async throws
    {
        var chain = self.variables(variables)
        if let profile {
            try folder.replace("profile", with: profile)
            chain.profile = self.profile()
        }
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, "T"), ScriptedExchange.keys(200)])
        let fault = await #expect(throws: IAMFault.self) { _ = try await accessKey(chain, exchange) }
        #expect(fault?.sentence.contains(names) == true, "\(fault?.sentence ?? "")")
        #expect(exchange.asked.isEmpty)
    }

    @Test func `a named profile that isn't there ends the search, one that is only looked for doesn't`() async throws {
        var chain = variables([:])
        chain.profile = ProfileFile(path: folder.path("none"), isNamed: true, endpoint: { _ in nil })
        let fault = await #expect(throws: IAMFault.self) { _ = try await accessKey(chain) }
        #expect(fault?.sentence.contains(folder.path("none")) == true)
    }

    @Test func `the profile's own IAM is asked, for its token and for whatever else the chain asks`() async throws {
        try folder.replace("token", with: "jwt")
        let text = "[basic]\nidp_id = cce\nid_token_file = \(folder.path("token"))\niam_endpoint = https://iam.own.example\n"
        try folder.replace("profile", with: text)
        var chain = variables([:])
        chain.profile = profile()
        let exchange = ScriptedExchange([ScriptedExchange.answer(201, #"{"token":{}}"#, token: "MIIUNSCOPED"), ScriptedExchange.keys()])
        #expect(try await accessKey(chain, exchange) == "TMPAK")
        #expect(Set(exchange.asked.map(\.host)) == ["iam.own.example"])
        #expect(chain.place(place(exchange)).iam?.host == "iam.own.example")
    }

    private func profile() -> ProfileFile {
        ProfileFile(path: folder.path("profile"), isNamed: false) { text in
            text.hasPrefix("https://") ? IAMEndpoint(url: text, host: String(text.dropFirst(8))) : nil
        }
    }

    @Test func `falls through to the metadata service, and from there to the pod's agent`() async throws {
        var chain = variables([:])
        chain.profile = ProfileFile(path: folder.path("none"), isNamed: false, endpoint: { _ in nil })
        #expect(try await accessKey(chain, ScriptedExchange([ScriptedExchange.answer(200, "T"), ScriptedExchange.keys(200)])) == "TMPAK")
        let endpoint = IAMEndpoint(url: "http://127.0.0.1:1", host: "127.0.0.1:1")
        chain.pod = .ready(PodIdentity(endpoint: endpoint, path: "/p", token: .value(Secret("t"))))
        let offCloud = ScriptedExchange([.failure(.unreachable), ScriptedExchange.keys(200)])
        #expect(try await accessKey(chain, offCloud) == "TMPAK")
        #expect(offCloud.asked.map(\.target) == ["/meta-data/latest/api/token", "/p"])
    }

    @Test func `an identity token wins over keys, and its failure doesn't let another identity act`() async throws {
        var chain = variables(["HUAWEICLOUD_SDK_AK": "ENVAK", "HUAWEICLOUD_SDK_SK": "s"])
        chain.federation = .ready(("idp", .value(Secret("jwt"))))
        let refusing = ScriptedExchange([ScriptedExchange.answer(401)])
        await #expect(throws: IAMFault(.iam, .refused, host: "iam.test")) { _ = try await accessKey(chain, refusing) }
        #expect(refusing.asked.count == 1)
    }

    @Test func `says so when nothing is set up`() async throws {
        let fault = await #expect(throws: IAMFault.self) { _ = try await accessKey(variables([:])) }
        #expect(fault?.service == .metadata && fault?.word == "unreachable")
    }
}
