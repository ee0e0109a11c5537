import Testing

@testable import Settings

@Suite struct SettingsLoaderTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let yaml: String
        let place: String
        let sentence: String
        var testDescription: String { yaml }

        init(_ yaml: String, _ place: String, _ sentence: String) {
            self.yaml = yaml
            self.place = place
            self.sentence = sentence
        }
    }

    /// Each is appended to the minimal file, whose four lines are valid; so line 5 is the first of the row.
    static let values: [Row] = [
        Row("upstraem: {}", "5:1 unknown_key", "did you mean `upstream`?"),
        Row("upstream: { connect_timeuot: 3s }", "5:13 unknown_key", "did you mean `connect_timeout`?"),
        Row("upstream: 3s", "5:11 wrong_type", "expected a mapping, this is a single value"),
        Row("upstream: { connect_timeout: 3 }", "5:30 wrong_type", "write the unit behind the number"),
        Row("upstream: { connect_timeout: 0s }", "5:30 invalid_value", "must be longer than zero"),
        Row(
            "upstream: { connect_timeout: [3s] }", "5:30 wrong_type",
            "expected a duration such as 500ms, 30s, 5m, 24h or 400d, this is a list"),
        Row("upstream: { connect_timeout: 99999999999999999999s }", "5:30 wrong_type", "expected a duration"),
        Row("upstream: { connections: many }", "5:26 wrong_type", "expected a whole number from 1 to 4096"),
        Row("upstream: { connections: 0 }", "5:26 invalid_value", "must be from 1 to 4096"),
        Row("upstream: { connections: \"64\" }", "5:26 wrong_type", "expected a whole number"),
        Row("upstream: { http2: prior_knowledge }", "5:20 invalid_value", "did you mean `prior-knowledge`?"),
        Row("upstream: { proxy: \"ftp://proxy\" }", "5:20 wrong_type", "expected a proxy's URL"),
        Row("upstream: { proxy: \"http://u:p@proxy:1\" }", "5:20 literal_secret", "write ${NAME}"),
        Row("upstream: { proxy: \"${NOT_SET}\" }", "5:20 missing", "is not set"),
        Row("upstream: { pinned_public_key: sha256//short }", "5:32 wrong_type", "sha256//BASE64"),
        Row("upstream: { retry: { on: connect } }", "5:26 wrong_type", "expected a list"),
        Row("upstream: { retry: { on: [\"429\"] } }", "5:27 invalid_value", "expected one of connect, 502, 503, 504"),
        Row("upstream: { retry: { attempts: 9 } }", "5:32 invalid_value", "must be from 1 to 5"),
        Row("upstream: { flow_control: adaptiv }", "5:27 invalid_value", "did you mean `adaptive`?"),
        Row("upstream: { flow_control: { per_api: 5 } }", "5:38 wrong_type", "expected a rate such as 5/min"),
        Row("regions: { cn-north-4: { hss: \"http://hss.example\" } }", "5:31 unsafe", "accepted for loopback addresses only"),
        Row("regions: { cn-north-4: { hss: \"https://hss.example/v5\" } }", "5:31 invalid_value", "must not have a path"),
        Row("regions: { cn-north-4: {} }", "5:12 missing", "names no endpoint"),
        Row("admin: { address: localhost }", "5:19 wrong_type", "expected an address such as"),
        Row("admin: { address: \":9090\" }", "5:19 wrong_type", "write 0.0.0.0 before the colon"),
        Row("admin: { address: \"0.0.0.0:9090\" }", "5:19 unsafe", "there is no token"),
        Row("admin: { address: \"127.0.0.1:8080\" }", "5:19 conflict", "have the same address"),
        Row("listeners: []", "5:12 missing", "there is no listener"),
        Row("listeners: { name: a }", "5:12 wrong_type", "begin each entry with `- `"),
        Row("listeners: [{ address: \"127.0.0.1:1\" }]", "5:13 missing", "`name` is missing"),
        Row("listeners: [{ name: a/b }]", "5:21 wrong_type", "expected a name"),
        Row("listeners: [{ name: a, unix: /s, address: \"127.0.0.1:1\" }]", "5:43 conflict", "make two listeners"),
        Row("listeners: [{ name: a, mode: \"0660\" }]", "5:30 conflict", "belongs to a Unix socket"),
        Row("listeners: [{ name: a, unix: /s, mode: 0660 }]", "5:40 wrong_type", "put it in quotes"),
        Row("listeners: [{ name: a, anonymous: yes }]", "5:35 wrong_type", "expected true or false"),
        Row("listeners: [{ name: a, address: \"10.0.0.1:80\" }]", "5:33 unsafe", "or write `anonymous: true`"),
        Row("listeners: [{ name: a }, { name: b }]", "5:26 conflict", "`listeners[0]` has the same address"),
        Row("listeners: [{ name: a, unix: /s }, { name: b, unix: /s }]", "5:53 conflict", "has the same socket"),
        Row("listeners: [{ name: a }, { name: a, unix: /s }]", "5:34 conflict", "`listeners[0]` has the same name"),
        Row("callers: [{ name: a, projects: [north] }]", "5:11 missing", "nothing says how this caller is recognised"),
        Row(
            "callers: [{ name: a, authenticate: { cidr: [10.0.0.1/8] }, projects: [north] }]", "5:45 invalid_value",
            "bits set behind the prefix"),
        Row("callers: [{ name: a, authenticate: { cidr: [ten] }, projects: [north] }]", "5:45 wrong_type", "such as 10.1.0.0/16"),
        Row("callers: [{ name: a, authenticate: { cidr: [10.0.0.0/8] }, projects: [nroth] }]", "5:71 reference", "did you mean `north`?"),
        Row("callers: [{ name: a, authenticate: { cidr: [10.0.0.0/8] } }]", "5:11 missing", "this caller has no project"),
        Row(
            "callers: [{ name: a, authenticate: { cidr: [10.0.0.0/8] }, projects: [\"*\", north] }]", "5:70 conflict",
            "already stands for every project"),
        Row("callers: [{ name: anonymous, authenticate: { cidr: [10.0.0.0/8] }, projects: [north] }]", "5:44 conflict", "another name"),
        Row("policy: [{ name: r, callers: [nobody], action: allow }]", "5:31 reference", "no caller has this name"),
        Row("policy: [{ name: r, operations: [\"BatchExprt*\"], action: allow }]", "5:34 reference", "did you mean `BatchExport*`?"),
        Row("policy: [{ name: r, operations: [ListHost], action: allow }]", "5:34 reference", "did you mean `ListHosts`?"),
        Row("policy: [{ name: r, operations: [\"a b\"], action: allow }]", "5:34 wrong_type", "a pattern such as"),
        Row("policy: [{ name: r, kinds: [reads], action: allow }]", "5:29 invalid_value", "did you mean `read`?"),
        Row("policy: [{ name: r, kinds: [], action: allow }]", "5:28 invalid_value", "would never apply"),
        Row("policy: [{ name: r }]", "5:10 missing", "`action` is missing"),
        Row("policy: [{ name: r, action: permit }]", "5:29 invalid_value", "expected one of allow, deny"),
        Row("audit: { durability: strict-export }", "5:22 invalid_value", "did you mean `strict-exports`?"),
        Row("audit: { rotate: { size: 1MB5 } }", "5:26 wrong_type", "expected a size such as 12MiB"),
        Row("audit: { rotate: { age: 0h } }", "5:25 invalid_value", "longer than zero"),
        Row("limits: { request_body: 2GiB }", "5:25 invalid_value", "must be from 1KiB to 1GiB"),
        Row("limits: { connections: -1 }", "5:24 wrong_type", "expected a whole number"),
        Row("log: { level: verbose }", "5:15 invalid_value", "expected one of debug, info, warn, error"),
    ]

    @Test(arguments: values) func `reports a faulty value at its place with a sentence that helps`(row: Row) {
        let problems = Fixture.problems(Fixture.minimal + row.yaml + "\n")
        // The position in the table is that of the key's value; a missing key is reported where its mapping begins.
        let text = SettingsReport.text(problems)
        #expect(Fixture.places(problems).contains(row.place), "\(text)")
        #expect(text.contains(row.sentence), "\(text)")
        #expect(problems.count == 1, "\(text)")
    }

    static let anchors: [Row] = [
        Row("audit: { checkpoint: { anchors: [stdout] } }", "5:34 invalid_value", "this is no anchor for checkpoints"),
        Row("audit: { checkpoint: { anchors: stderr } }", "5:33 wrong_type", "put square brackets around them"),
        Row("audit: { checkpoint: { anchors: [{ name: a }] } }", "5:34 missing", "the anchor names no place"),
        Row("audit: { checkpoint: { anchors: [{ type: htp }] } }", "5:42 invalid_value", "did you mean `http`?"),
        Row("audit: { checkpoint: { anchors: [{ type: http }] } }", "5:34 missing", "`endpoint` is missing"),
        Row("audit: { checkpoint: { anchors: [{ type: http, endpoint: http://w.example }] } }", "5:58 invalid_value", "use https"),
        Row("audit: { checkpoint: { anchors: [{ type: postgresql, url_file: u, address: a }] } }", "5:76 conflict", "has no `address`"),
        Row("audit: { checkpoint: { anchors: [{ file: a, type: http }] } }", "5:51 conflict", "an anchor in a file has no `type`"),
        Row("audit: { checkpoint: { anchors: [{ type: syslog, address: \"ftp://h\" }] } }", "5:59 invalid_value", "expected an address such as tls"),
        Row(
            "audit: { checkpoint: { anchors: [{ type: postgresql, url_file: a }, { type: postgresql, url_file: b }] } }", "5:69 conflict",
            "`audit.checkpoint.anchors[0]` has the same name"),
        Row("audit: { ship: [{ type: syslog, address: \"udp://h\", required: true }] }", "5:63 conflict", "can't be required"),
        Row(
            "audit: { ship: [{ type: syslog, address: \"tls://h\", name: notify.a }] }\n"
                + "callers: [{ name: a, authenticate: { cidr: [10.0.0.0/8] }, projects: [north], "
                + "notify: { url: \"https://w.example/\", secret_file: s } }]", "5:17 conflict", "the webhook of the caller `a` has this name"),
    ]

    @Test(arguments: anchors) func `reports anchors and sinks that can't be meant`(row: Row) {
        let problems = Fixture.problems(Fixture.minimal + row.yaml + "\n")
        let text = SettingsReport.text(problems)
        #expect(Fixture.places(problems) == [row.place] && text.contains(row.sentence), "\(text)")
    }

    @Test func `takes anchors of every sort, named after their type or as they like`() throws {
        let yaml = """
            audit:
              ship: [{ type: syslog, address: "tls://h", required: true }]
              checkpoint:
                anchors:
                  - stderr
                  - { file: ./checkpoints }
                  - { type: http, endpoint: "https://w.example/log", headers_file: h }
                  - { type: http, name: second, endpoint: "http://127.0.0.1:1" }
                  - { type: syslog, address: "tls://logs.example", ca_file: ca }
                  - { type: postgresql, url_file: /run/url }

            """
        let audit = try Fixture.load(Fixture.minimal + yaml).audit
        #expect(audit.shipping.map(\.isRequired) == [true])
        #expect(audit.checkpoint.anchors.map { $0.name ?? "-" } == ["-", "-", "http", "second", "syslog", "postgresql"])
        #expect(audit.checkpoint.anchors[1] == .file(path: "/etc/gw/checkpoints"))
        #expect(audit.checkpoint.anchors[5] == .postgresql(name: "postgresql", urlFile: "/run/url"))
    }

    static let references: [Row] = [
        Row("projects: [{ name: a, id: 1, region: cn-north-4, credential: kyes }]", "2:62 reference", "did you mean `keys`?"),
        Row("projects: [{ name: a, id: 1, region: cn-nroth-4, credential: keys }]", "2:38 reference", "did you mean `cn-north-4`"),
        Row(
            "projects: [{ name: setting, id: 1, region: cn-north-4, credential: keys }]", "2:20 invalid_value", "can't be called `setting`"),
        Row("projects: [{ name: _, id: 1, region: cn-north-4, credential: keys }]", "2:20 wrong_type", "expected a name"),
        Row(
            "projects: [{ name: a, id: 1, region: cn-north-4, credential: keys }, { name: b, id: 1, region: cn-north-4, credential: keys }]",
            "2:85 conflict", "`projects[0]` has the same id"),
        Row(
            "projects: [{ name: a, id: 1, region: cn-north-4, credential: keys }, { name: b, id: a, region: cn-north-4, credential: keys }]",
            "2:85 conflict", "is the name of `projects[0]`"),
        Row(
            "projects: [{ name: a, id: 1, region: x, credential: keys }]\nregions: { x: { iam: \"https://iam.example\" } }",
            "2:38 reference", "no HSS endpoint"),
        Row("log: { level: info }", "1:1 missing", "no project is configured"),
    ]

    @Test(arguments: references) func `reports what refers to nothing`(row: Row) {
        let credentials = "credentials: [{ name: keys, type: token, token_file: /run/t }]\n"
        let problems = Fixture.problems(credentials + row.yaml + "\n")
        let text = SettingsReport.text(problems)
        #expect(Fixture.places(problems) == [row.place], "\(text)")
        #expect(text.contains(row.sentence), "\(text)")
    }

    static let credentials: [Row] = [
        Row("{ name: a, type: aksk, access_key: AK }", "1:15 missing", "`secret_key` is missing"),
        Row("{ name: a, type: aksk, secret_key_file: s }", "1:15 missing", "add `access_key_file: /path/to/file`"),
        Row(
            "{ name: a, type: token, token_file: t, secret_key_file: s }", "1:71 conflict", "does not belong to credentials of type `token`"
        ),
        Row("{ name: a, type: token, token_file: t, token: \"${T}\" }", "1:51 conflict", "both given"),
        Row("{ name: a, type: tokne, token_file: t }", "1:32 invalid_value", "did you mean `token`?"),
        Row("{ name: a, token_file: t }", "1:15 missing", "`type` is missing"),
    ]

    @Test(arguments: credentials) func `reports credentials that are incomplete or contradict themselves`(row: Row) {
        let problems = Fixture.problems("credentials: [\(row.yaml)]\n").filter { $0.path.description.hasPrefix("credentials") }
        let text = SettingsReport.text(problems)
        #expect(Fixture.places(problems) == [row.place], "\(text)")
        #expect(text.contains(row.sentence), "\(text)")
    }

    @Test func `finds every fault at once, sorted by position`() {
        let yaml = """
            upstraem: {}
            credentials:
              - { name: keys, type: aksk, access_key: AK, secret_key: literal, secret_key: twice }
            projects:
              - { name: north, id: 1, region: nowhere, credential: kyes }
            limits: { drain: 0s, drian: 1s }
            callers: [*]
            """
        let problems = Fixture.problems(yaml, ["HSSGW_LOG_LEVL": "info", "HSSGW_LOG_FORMAT": "xml"])
        #expect(
            Fixture.places(problems) == [
                "1:1 unknown_key", "3:59 literal_secret", "3:68 duplicate_key", "5:35 reference", "5:56 reference", "6:18 invalid_value",
                "6:22 unknown_key", "7:11 syntax", "environment HSSGW_LOG_FORMAT invalid_value",
                "environment HSSGW_LOG_LEVL unknown_variable",
            ])
    }

    @Test func `accepts plain http for loopback endpoints only`() throws {
        for host in ["127.0.0.1:9", "localhost:9", "[::1]:9", "127.9.9.9"] {
            let settings = try Fixture.load(Fixture.minimal + "regions: { cn-north-4: { hss: \"http://\(host)\" } }\n")
            #expect(settings.regions[0].hss?.isLoopback == true)
        }
    }

    @Test func `accepts an open listener once callers are recognised or anonymous is written down`() throws {
        let listener = "listeners: [{ name: a, address: \"[::]:8080\"%@ }]\n"
        let caller = "callers: [{ name: a, authenticate: { cidr: [10.0.0.0/8, \"fd00::/8\"] }, projects: [\"*\"] }]\n"
        let guarded = try Fixture.load(Fixture.minimal + listener.replacing("%@", with: "") + caller)
        #expect(!guarded.listeners[0].allowsAnonymous)
        #expect(guarded.callers[0].projects == .all)
        let open = try Fixture.load(Fixture.minimal + listener.replacing("%@", with: ", anonymous: true"))
        #expect(open.listeners[0].allowsAnonymous)
    }

    @Test func `renders the same settings to the same canonical text wherever they were written`() throws {
        let file = try Fixture.load(Fixture.minimal + "upstream: { idle_timeout: 120s }\n")
        let variable = try Fixture.load(Fixture.minimal, ["HSSGW_UPSTREAM_IDLE_TIMEOUT": "2m"])
        #expect(file.canonicalText == variable.canonicalText)
        let plain = try Fixture.load(Fixture.minimal)
        #expect(file.canonicalText != plain.canonicalText)
    }
}
