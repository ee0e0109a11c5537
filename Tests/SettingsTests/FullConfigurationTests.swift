import Testing

@testable import Settings

@Suite struct FullConfigurationTests {
    /// Decodes without the checks that would refuse what this version doesn't support.
    private func decode() throws -> GatewaySettings {
        var parser = DocumentParser(file: "/etc/gw/config.yaml")
        let parsed = parser.parse(FullConfiguration.text)
        let tree = try #require(parsed)
        let pass = DecodingPass(.init(environment: [:], documentDirectory: "/etc/gw", workingDirectory: "/"))
        let settings = GatewaySettings(decoding: tree, pass)
        #expect(parser.problems + pass.problems == [])
        return settings
    }

    @Test func `has no fault`() {
        #expect(Fixture.problems(FullConfiguration.text).map(\.message) == [])
    }

    @Test func `decodes listeners, admin, limits and log as documented`() throws {
        let settings = try decode()
        let loopback = try #require(ListenAddress(text: "127.0.0.1:8080"))
        #expect(settings.listeners.map(\.name) == ["internal", "local"])
        #expect(settings.listeners[0].endpoint == .tcp(loopback))
        #expect(settings.listeners[0].tls == nil)
        #expect(settings.listeners[1].endpoint == .unix(path: "/run/hss-gateway/gateway.sock", mode: FileMode(bits: 0o660)))
        #expect(settings.listeners.map(\.allowsAnonymous) == [true, true])
        #expect(settings.admin.address.description == "127.0.0.1:9090")
        #expect(settings.admin.token == nil)
        #expect(
            settings.limits
                == LimitSettings(
                    requestBody: .mebibytes(12), bodies: .mebibytes(256), headerBlock: .kibibytes(64), token: .kibibytes(8),
                    headerTimeout: .seconds(10), idleTimeout: .seconds(60), connections: 10_000, inFlight: 4_096, sameKey: 64,
                    refusalsPerSource: Rate(count: 10, period: .seconds(1)), refusalsDisk: Percentage(5), drain: .seconds(30), drainDelay: .zero))
        #expect(settings.log == LogSettings(level: .info, format: .auto, requests: .off, requestsTo: .stdout))
    }

    @Test func `decodes upstream and regions as documented`() throws {
        let settings = try decode()
        let upstream = settings.upstream
        #expect(upstream.connectTimeout == .seconds(3))
        #expect(upstream.firstByteTimeout == .seconds(30))
        #expect(upstream.idleTimeout == .seconds(60))
        #expect(upstream.totalTimeout == .seconds(600))
        #expect(upstream.connectionLifetime == .seconds(120))
        #expect(upstream.connections == 64)
        #expect(upstream.http2 == .auto)
        #expect(upstream.authorityFile == nil && upstream.pinnedPublicKey == nil && upstream.proxy == nil)
        #expect(upstream.retry == .init(attempts: 2, reasons: [.connect, .badGateway, .serviceUnavailable, .gatewayTimeout]))
        #expect(upstream.flowControl == .adaptive(UpstreamSettings.Waiting(longest: .seconds(30), queue: 1_000)))
        #expect(upstream.coalescing == .on(polls: .seconds(2), reads: false))
        #expect(settings.regions.map(\.name) == ["cn-north-4"])
        #expect(settings.regions[0].hss?.description == "https://hss.cn-north-4.myhuaweicloud.com")
        #expect(settings.regions[0].iam?.description == "https://iam.cn-north-4.myhuaweicloud.com")
    }

    @Test func `decodes every type of credential`() throws {
        let sources = try decode().credentials.map(\.source)
        #expect(
            sources == [
                .accessKey(
                    .init(
                        accessKey: .reference(.file("/run/credentials/ak")), secretKey: .file("/run/credentials/sk"), securityToken: nil)),
                .token(.file("/run/credentials/token")),
                .password(.init(domain: "acme", username: "hss-robot", password: .file("/run/credentials/pw"))),
                .agency(.init(source: "prod-keys", domain: .name("other"), agency: "hss-reader", duration: .seconds(3600))),
                .ecsMetadata(nil), .podIdentity(.init(endpoint: nil, token: nil)),
                .federation(.init(identityProvider: "cce", tokenFile: "/var/run/secrets/tokens/huawei")),
                .defaultChain,
            ])
    }

    @Test func `decodes projects, callers and policy as documented`() throws {
        let settings = try decode()
        #expect(
            settings.projects == [
                ProjectSettings(
                    name: "prod-north", identifier: "0123456789abcdef0123456789abcdef", region: "cn-north-4", credentials: ["prod-keys"],
                    enterpriseProject: "0", otherRegions: ["cn-north-1"])
            ])
        let caller = settings.callers[0]
        #expect(caller.authentication.apiKey && !caller.authentication.virtualKey)
        #expect(caller.projects == .named(["prod-north"]))
        #expect(caller.enterpriseProjects == .init(byDefault: "0", allowed: ["0"]))
        #expect(caller.limits == .init(requestsPerSecond: 20, burst: 40, concurrent: 8, exportsPerDay: 50))
        #expect(caller.reasonRequiredFor == [.export, .download])
        #expect(settings.policy[0].operations?.map(\.text) == ["BatchExport*", "ShowExportTask", "ListDownloadExportedFile"])
        #expect(settings.policy[0].callers == ["image-team"])
        #expect(settings.policy[1].callers == nil)
        #expect(settings.policy[1].kinds == [.read])
        #expect(settings.policy.allSatisfy { $0.action == .allow })
    }

    @Test func `decodes audit as documented, paths relative to the file`() throws {
        let audit = try decode().audit
        #expect(audit.directory == "/etc/gw/audit")
        #expect(audit.durability == .strictExports)
        #expect(audit.bodies == .init(read: .digest, write: .digest, export: .digest, download: .digest))
        #expect(
            audit.checkpoint == .init(every: 1000, interval: .seconds(10), keyFile: "/etc/gw/audit/checkpoint.key", anchors: [.standardError]))
        #expect(audit.rotation == .init(size: .mebibytes(256), age: .seconds(86_400)))
        #expect(audit.retention == .seconds(400 * 86_400))
        #expect(audit.shipping == [])
    }

    @Test func `gives the documented defaults to a file that says little`() throws {
        let little = try Fixture.load(Fixture.minimal)
        let full = try decode()
        #expect(little.listeners == [full.listeners[0]])
        #expect(little.admin == full.admin)
        #expect(little.upstream == full.upstream)
        #expect(little.audit == full.audit)
        #expect(little.limits == full.limits)
        #expect(little.log == full.log)
        #expect(little.callers == [.implicit])
    }
}
