import Testing

@testable import Settings

@Suite struct AvailabilityTests {
    static let refused: [(yaml: String, path: String)] = [
        ("audit: { ship: [{ type: syslog, address: \"tls://h:6514\", required: true }] }", "audit.ship[0].required")
    ]

    @Test(arguments: refused) func `refuses by name what this version does not do`(yaml: String, path: String) {
        let problems = Fixture.problems(Fixture.minimal + yaml + "\n")
        #expect(problems.map(\.kind) == [.notYetAvailable], "\(SettingsReport.text(problems))")
        #expect(problems.map(\.path.description) == [path])
    }

    @Test(arguments: [
        "upstream: { flow_control: adaptive, coalesce: { polls: 1s } }", "upstream: { flow_control: { per_operation: 5/min }, coalesce: off }",
        "audit: { ship: [], body: none, retain: , checkpoint: { every: , key_file: } }",
        "audit: { body: { export: full, read: fields }, ship: [{ type: syslog, address: \"tls://h:6514\" }] }",
        "listeners: [{ name: a, tls: { certificate_file: , client_ca_file: } }]",
        "callers: [{ name: a, projects: [north], authenticate: { api_key: false, cidr: [10.0.0.0/8], unix_uid: [] }, require_reason: [], limits: {} }]",
        "callers: [{ name: a, projects: [north], authenticate: { cidr: [10.0.0.0/8] }, enterprise_projects: { default: \"7\", allowed: [\"7\", all_granted_eps] } }]",
    ])
    func `accepts what asks for nothing of it`(yaml: String) {
        let problems = Fixture.problems(Fixture.minimal + yaml + "\n")
        #expect(problems == [], "\(SettingsReport.text(problems))")
    }

    @Test func `every restriction names a key of the schema`() {
        for restriction in Availability.restrictions {
            let names = restriction.pattern.replacing("[]", with: "").split(separator: ".").map(String.init)
            var keys = Schema.root
            for name in names {
                let key = keys.first { $0.name == name }
                #expect(key != nil, "\(restriction.pattern)")
                keys = key?.children ?? []
            }
        }
    }
}
