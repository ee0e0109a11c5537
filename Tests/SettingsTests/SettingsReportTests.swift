import Testing

@testable import Settings

@Suite struct SettingsReportTests {
    @Test func `shows each value with its origin`() throws {
        let yaml = Fixture.minimal + "upstream: { retry: { attempts: 1 } }\n"
        let text = SettingsReport.yaml(try Fixture.load(yaml, ["HSSGW_ADMIN_ADDRESS": "[::1]:1"]))
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        for line in [
            "- name: internal # default", "address: \"127.0.0.1:8080\" # default", "address: \"[::1]:1\" # environment HSSGW_ADMIN_ADDRESS",
            "attempts: 1 # /etc/gw/config.yaml:5", "connect_timeout: 3s # default",
            "flow_control: adaptive # default", "polls: 2s # default", "reads: false # default",
            "secret_key_file: \"<file /run/sk>\" # /etc/gw/config.yaml:2", "\"on\": [connect, \"502\", \"503\", \"504\"] # default",
        ] {
            #expect(lines.contains(line), "\(line)\n\(text)")
        }
    }

    @Test func `shows YAML that reads back to the same settings`() throws {
        let environment = ["K": "k", "S": "s"]
        let yaml = """
            listeners: [{ name: a }, { name: b, unix: "/run/x y.sock", mode: "0600" }]
            credentials: [{ name: keys, type: aksk, access_key: "${K}", secret_key: "${S}" }]
            projects: [{ name: north, id: "012", region: cn-north-4, credential: keys, enterprise_project_id: "0" }]
            callers: [{ name: true, authenticate: { cidr: [10.0.0.0/8] }, projects: ["*"] }]
            policy: [{ name: "1", operations: ["*"], methods: [GET], action: deny }]
            regions: { cn-north-4: { hss: "https://hss.example:8443" } }
            audit: { checkpoint: { anchors: [stderr, { file: "./a b" }, { type: http, endpoint: "https://w/c" }, { type: postgresql, url_file: u }] } }
            """
        let first = try Fixture.load(yaml, environment)
        let text = SettingsReport.yaml(first).replacing("\"<environment K>\"", with: "\"${K}\"").replacing(
            "\"<environment S>\"", with: "\"${S}\"")
        #expect(try Fixture.load(text, environment).canonicalText == first.canonicalText, "\(text)")
    }

    @Test func `prints problems for people and for machines`() {
        let problems = Fixture.problems(Fixture.minimal + "log: { levle: info }\n", ["HSSGW_X": "1"])
        #expect(
            SettingsReport.text(problems).hasPrefix(
                "/etc/gw/config.yaml:5:8: log.levle: unknown key `levle`\n    did you mean `level`?\nHSSGW_X: no setting belongs to this variable\n"
            ))
        #expect(
            SettingsReport.jsonLines(problems).split(separator: "\n").first
                == #"{"file":"/etc/gw/config.yaml","path":"log.levle","kind":"unknown_key","message":"unknown key `levle`","hint":"did you mean `level`?","line":5,"column":8}"#
        )
    }

    @Test(arguments: [
        ("\"\\\n\u{0}\u{2028}é", "\"\\\"\\\\\\n\\u0000\\u2028é\""), ("off", "\"off\""), ("0660", "\"0660\""), ("a-b.c", "a-b.c"),
        ("a: b", "\"a: b\""),
    ])
    func `quotes what YAML would take for something else`(text: String, expected: String) {
        #expect(YAMLText.quote(text) == expected)
    }
}
