import Testing

@testable import Settings

@Suite struct OverlayTests {
    @Test(arguments: [
        (file: false, environment: false, flag: false, address: "127.0.0.1:9090", origin: "default"),
        (file: true, environment: false, flag: false, address: "127.0.0.1:1", origin: "/etc/gw/config.yaml:5"),
        (file: true, environment: true, flag: false, address: "127.0.0.1:2", origin: "environment HSSGW_ADMIN_ADDRESS"),
        (file: false, environment: true, flag: false, address: "127.0.0.1:2", origin: "environment HSSGW_ADMIN_ADDRESS"),
        (file: true, environment: true, flag: true, address: "127.0.0.1:3", origin: "flag --admin-address"),
        (file: true, environment: false, flag: true, address: "127.0.0.1:3", origin: "flag --admin-address"),
        (file: false, environment: true, flag: true, address: "127.0.0.1:3", origin: "flag --admin-address"),
        (file: false, environment: false, flag: true, address: "127.0.0.1:3", origin: "flag --admin-address"),
    ])
    func `takes the flag before the environment before the file before the default`(
        row: (file: Bool, environment: Bool, flag: Bool, address: String, origin: String)
    ) throws {
        var sources = Fixture.sources(Fixture.minimal + (row.file ? "admin: { address: \"127.0.0.1:1\" }\n" : ""))
        if row.environment { sources.environment = ["HSSGW_ADMIN_ADDRESS": "127.0.0.1:2"] }
        if row.flag { sources.flags = [FlagValue("--admin-address", setting: "admin.address", to: "127.0.0.1:3")] }
        let settings = try Fixture.load(sources)
        #expect(settings.admin.address.description == row.address)
        let shown = settings.effective.first { $0.site.path.description == "admin.address" }
        #expect(shown?.site.origin.description == row.origin)
    }

    @Test func `reaches values of every shape by variable`() throws {
        let yaml = Fixture.minimal + "callers: [{ name: image-team, authenticate: { cidr: [10.0.0.0/8] }, projects: [north] }]\n"
        let settings = try Fixture.load(
            yaml,
            [
                "HSSGW_LISTENERS_INTERNAL_ADDRESS": "127.0.0.1:18080", "HSSGW_UPSTREAM_RETRY_ON": "connect, 503",
                "HSSGW_AUDIT_DURABILITY": "strict",
                "HSSGW_AUDIT_DIRECTORY": "var/audit", "HSSGW_CALLERS_IMAGE_TEAM_PROJECTS": "*", "HSSGW_LIMITS_REQUEST_BODY": "1MiB",
                "HSSGW_REGIONS_CN_NORTH_4_HSS": "https://hss.example", "HSSGW_UPSTREAM_FLOW_CONTROL": "off", "HSSGW_LOG_LEVEL": "",
                "HSSGW_CREDENTIALS_KEYS_ACCESS_KEY_FILE": "env-ak", "PATH": "/bin",
            ])
        #expect(settings.listeners[0].endpoint == .tcp(try #require(ListenAddress(text: "127.0.0.1:18080"))))
        #expect(settings.upstream.retry.reasons == [.connect, .serviceUnavailable])
        #expect(settings.upstream.flowControl == .off)
        #expect(settings.audit.durability == .strict)
        #expect(settings.audit.directory == "/home/op/var/audit")
        #expect(settings.callers[0].projects == .all)
        #expect(settings.limits.requestBody == .mebibytes(1))
        #expect(settings.regions.map(\.hss?.host) == ["hss.example"])
        #expect(settings.log.level == .info)
        guard case .accessKey(let pair) = settings.credentials[0].source else { return #expect(Bool(false)) as Void }
        #expect(pair.accessKey == .reference(.file("/home/op/env-ak")))
        #expect(pair.secretKey == .file("/run/sk"))
    }

    @Test func `lets a secret's variable displace its file in the configuration`() throws {
        let settings = try Fixture.load(Fixture.minimal, ["HSSGW_CREDENTIALS_KEYS_SECRET_KEY": "s3cret"])
        guard case .accessKey(let pair) = settings.credentials[0].source else { return #expect(Bool(false)) as Void }
        #expect(pair.secretKey == .environment("HSSGW_CREDENTIALS_KEYS_SECRET_KEY"))
        let both = ["HSSGW_CREDENTIALS_KEYS_SECRET_KEY": "s", "HSSGW_CREDENTIALS_KEYS_SECRET_KEY_FILE": "f"]
        #expect(Fixture.problems(Fixture.minimal, both).map(\.kind) == [.conflict])
    }

    @Test(arguments: [
        ("HSSGW_ADMIN_ADRESS", "did you mean `HSSGW_ADMIN_ADDRESS`?"),
        ("HSSGW_CREDENTIALS_KEYZ_SECRET_KEY_FILE", "did you mean `HSSGW_CREDENTIALS_KEYS_SECRET_KEY_FILE`?"),
        ("HSSGW_WHATEVER", "list items by their name"), ("HSSGW_CREDENTIALS_KEYS_NAME", ""), ("HSSGW_REGION", ""),
    ])
    func `reports a variable that sets nothing`(name: String, hint: String) {
        let problems = Fixture.problems(Fixture.minimal, [name: "x"])
        #expect(problems.map(\.kind) == [.unknownVariable])
        #expect(problems.first?.origin == .environment(name))
        #expect(problems.first?.hint?.contains(hint) == true || hint.isEmpty)
    }

    @Test func `leaves variables alone that the program reads itself`() throws {
        var sources = Fixture.sources(Fixture.minimal, ["HSSGW_CONFIG": "x"])
        sources.otherVariables = ["HSSGW_CONFIG"]
        _ = try Fixture.load(sources)
    }

    @Test func `reports a variable that two names share`() {
        let yaml = Fixture.minimal + "listeners: [{ name: a-b }, { name: a_b, unix: /s }]\n"
        #expect(Fixture.problems(yaml, ["HSSGW_LISTENERS_A_B_UNIX": "/t"]).map(\.kind) == [.conflict])
    }

    @Test func `a flag that reaches a list is blamed by its own name`() {
        var sources = Fixture.sources(Fixture.minimal, ["HSSGW_LISTENERS_INTERNAL_ADDRESS": "foo"])
        sources.flagsByVariable = ["HSSGW_LISTENERS_INTERNAL_ADDRESS": "--listen"]
        #expect(Fixture.places(Fixture.problems(sources)) == ["flag --listen wrong_type"])
        sources.file = SettingsFile(path: "/etc/gw/config.yaml", text: Fixture.minimal + "listeners: [{ name: other, address: \"127.0.0.1:1\" }]\n")
        let problems = Fixture.problems(sources)
        #expect(Fixture.places(problems) == ["flag --listen reference"] && problems[0].message.contains("`internal`"))
    }
}
