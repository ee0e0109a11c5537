import Foundation
import Settings
import Testing

@testable import Assembly

/// The doctor's findings about the unit and the container of a gateway.
@Suite struct SurroundingsExaminationTests {
    private static func findings(unit: String? = nil, _ environment: [String: String] = [:]) throws -> [DoctorFinding] {
        let folder = try TemporaryFolder()
        if let unit { _ = try folder.file("hss-gateway.service", unit) }
        let settings = try Fixture.settings(
            Fixture.projects + "audit: { directory: \(folder.path)/audit }\nlimits: { drain: 30s, drain_delay: 5s }\n")
        return SurroundingsExamination(
            settings: settings, environment: environment, unitFolders: [folder.path + "/none", folder.path]
        ).findings()
    }

    private static func unit(_ settings: String) throws -> DoctorFinding? {
        try findings(unit: "[Service]\n# TimeoutStopSec=1\n\(settings)\n").first { $0.check == .unit && $0.subject != nil }
    }

    @Test(arguments: ["TimeoutStopSec=35", "TimeoutStopSec=35s"])
    func `a unit that ends the drain early is a warning with the time that is enough`(setting: String) throws {
        let finding = try #require(try Self.unit(setting))
        #expect(finding.verdict == .warning && finding.message.contains("35 s"), "\(finding)")
        #expect(finding.advice == "Set TimeoutStopSec=50.")
    }

    @Test(arguments: [
        "TimeoutStopSec=36", "TimeoutStopSec=1min", "TimeoutStopSec=infinity", "TimeoutStopSec=0", "LimitNOFILE=65536", "LimitNOFILE=infinity", "",
    ])
    func `a unit with enough time and descriptors, or whose words mean no number, is well`(setting: String) throws {
        let finding = try #require(try Self.unit(setting))
        #expect(finding.verdict == .ok, "\(finding)")
    }

    @Test(arguments: ["LimitNOFILE=1024", "LimitNOFILE=1024:2048"])
    func `a unit with too few descriptors for the connections is a warning`(setting: String) throws {
        let finding = try #require(try Self.unit(setting))
        #expect(finding.verdict == .warning && finding.message.contains("LimitNOFILE="), "\(finding)")
        #expect(finding.advice == "Raise LimitNOFILE=, or lower limits.connections.")
    }

    @Test func `without a unit nothing is said of one`() throws {
        #expect(try Self.findings().allSatisfy { $0.subject == nil || $0.check != .unit })
    }

    @Test func `a pod is told how long a stop takes`() throws {
        let found = try Self.findings(["KUBERNETES_SERVICE_HOST": "10.0.0.1"]).first { $0.check == .container && $0.subject == nil }
        let finding = try #require(found)
        #expect(finding.message == "A stop takes up to 35 s.")
        #expect(finding.advice == "Set terminationGracePeriodSeconds above 35.")
    }
}
