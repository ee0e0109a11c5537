import Testing

@testable import Settings

@Suite struct FleetSettingsTests {
    private static func fleet(_ rest: String) -> String { Fixture.minimal + "fleet: { url_file: /run/fleet-url\(rest) }\n" }

    @Test func `left out, a gateway is alone and its digest knows nothing of it`() throws {
        let alone = try Fixture.load(Fixture.minimal)
        #expect(alone.fleet == nil && !alone.canonicalText.contains("fleet"))
    }

    @Test func `has a default for everything but the database`() throws {
        let fleet = try #require(try Fixture.load(Self.fleet("")).fleet)
        #expect(fleet.urlFile == "/run/fleet-url" && fleet.name == "default" && fleet.instance == nil)
        #expect(fleet.connections == 4 && fleet.patience == .seconds(2) && fleet.signatures == .exactChanges && fleet.driftGrace == .seconds(600))
        let outage = fleet.outage
        #expect(outage.exports == .refuse && outage.owners == .refuse && outage.signatures == .refuse && outage.paced == .slots)
        #expect(outage.ready == .warn)
        #expect(Fixture.problems(Fixture.minimal + "fleet: { name: blue }\n").map(\.path.description) == ["fleet.url_file"])
    }

    @Test func `a variable can set it`() throws {
        let fleet = try #require(try Fixture.load(Self.fleet(""), ["HSSGW_FLEET_OUTAGE_EXPORTS": "local", "HSSGW_FLEET_NAME": "blue"]).fleet)
        #expect(fleet.outage.exports == .local && fleet.name == "blue")
    }

    @Test(arguments: [
        ", name: Blue", ", name: 7up", ", name: \"a b\"", ", instance: \"a b\"", ", connections: 0", ", patience: 10s", ", patience: 10ms",
        ", signatures: some", ", outage: { exports: slots }", ", outage: { paced: never }", ", drift: { grace: 0s }", ", key: x",
    ])
    func `refuses what says nothing`(rest: String) {
        #expect(Fixture.problems(Self.fleet(rest)).count == 1, "\(rest)")
    }
}
