import Testing

@testable import Settings

@Suite struct PolicySettingsTests {
    private static func caller(_ rest: String) -> String {
        Fixture.minimal + "callers: [{ name: a, projects: [\"*\"], authenticate: { cidr: [10.0.0.0/8] }, \(rest) }]\n"
    }

    private static func rule(_ rest: String) -> String {
        Fixture.minimal + "policy: [{ name: r, action: allow, \(rest) }]\n"
    }

    @Test func `reads the hours of a rule`() throws {
        let settings = try Fixture.load(Self.rule("hours: { days: [mon..fri, sun], from: \"08:00\", to: \"18:30\", zone: \"+08:00\" }, tasks: any"))
        let rule = try #require(settings.policy.first)
        #expect(rule.hours?.days.map(\.rawValue) == ["mon", "tue", "wed", "thu", "fri", "sun"])
        #expect(rule.hours?.from.minutes == 480 && rule.hours?.to.minutes == 1_110 && rule.hours?.zone.minutes == 480)
        #expect(rule.tasks == .any)
    }

    @Test func `a run of days may go over the week's end, and a day that is none is told so, not that the list is empty`() throws {
        let settings = try Fixture.load(Self.rule("hours: { days: [fri..mon] }"))
        #expect(settings.policy[0].hours?.days == [.mon, .fri, .sat, .sun])
        let problems = Fixture.problems(Self.rule("hours: { days: [friday] }"))
        #expect(problems.count == 1 && problems[0].message.contains("a day such as mon"))
    }

    @Test(arguments: [
        "hours: { from: \"8:00\" }", "hours: { to: \"24:01\" }", "hours: { zone: Europe/Berlin }", "hours: { zone: \"+15:00\" }",
        "hours: { days: [mon..mon] }", "hours: { days: [monday] }", "hours: { days: [] }", "hours: { from: \"08:00\", to: \"08:00\" }",
        "tasks: mine", "enterprise_projects: []",
    ])
    func `refuses hours and tasks that say nothing`(rest: String) {
        #expect(Fixture.problems(Self.rule(rest)).isEmpty == false, "\(rest)")
    }

    @Test(arguments: [
        ("enterprise_projects: { default: all_granted_eps }", "callers[0].enterprise_projects.default"),
        ("enterprise_projects: { default: \"7\", allowed: [\"8\"] }", "callers[0].enterprise_projects.default"),
        ("enterprise_projects: { allowed: [\"8\"] }", "callers[0].enterprise_projects.allowed"),
        ("limits: { burst: 3 }", "callers[0].limits.burst"),
    ])
    func `refuses what would refuse every call`(rest: String, path: String) {
        #expect(Fixture.problems(Self.caller(rest)).map(\.path.description) == [path])
    }
}
