import Audit
import Gateway
import Settings
import Testing
import Transport

@testable import Assembly

@Suite struct SnapshotAssemblyTests {
    private static func snapshot(_ text: String) throws -> Snapshot {
        let folder = try TemporaryFolder()
        _ = try folder.file("token", "a-token-of-the-tests")
        let settings = try RunningParts.settings(text, in: folder.path)
        let source = ConfigurationSource(file: nil) { settings }
        return try RunningConfiguration(settings, source: source, Fixture.surroundings(), generation: 3).snapshot
    }

    @Test func `routes each project to its region and carries the settings that workers go by`() throws {
        let snapshot = try Self.snapshot(
            "upstream: { connection_lifetime: 7s, retry: { attempts: 3, on: [\"503\"] } }\n")
        #expect(snapshot.generation == 3)
        #expect(snapshot.routes.map(\.origin.hostField) == ["hss.cn-north-4.myhuaweicloud.com"])
        #expect(snapshot.transport.connectionLifetime == .seconds(7))
        #expect(snapshot.retry == Snapshot.RetryRules(attempts: 3, onConnect: false, onStatus: [503]))
        #expect(snapshot.durability == .strictExports)
    }

    @Test func `lets private addresses be reached for the endpoints alone that the operator wrote down`() throws {
        let builtIn = try Self.snapshot("")
        #expect(builtIn.transport.addresses == .guarded(privateHosts: .only([])))
        let dedicated = try Self.snapshot("regions: { cn-north-4: { hss: \"https://HSS.dedicated.example\" } }\n")
        #expect(dedicated.transport.addresses == .guarded(privateHosts: .only(["hss.dedicated.example"])))
    }
}
