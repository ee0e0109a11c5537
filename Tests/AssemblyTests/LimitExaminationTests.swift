import Foundation
import Settings
import Testing

@testable import Assembly

struct LimitExaminationTests {
    private static func findings(_ files: [String: String], membership: String = "0::/unit/part\n") throws -> [DoctorFinding] {
        let folder = try TemporaryFolder()
        for name in ["unit/part", "memory", "cpu"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/group/\(name)", withIntermediateDirectories: true)
        }
        for (name, text) in files { _ = try folder.file("group/" + name, text) }
        let group = ControlGroup(mount: folder.path + "/group", membership: try folder.file("membership", membership))
        return LimitExamination(settings: try Fixture.settings(Fixture.projects), groups: group).findings()
    }

    private static func finding(_ subject: String, _ files: [String: String], membership: String = "0::/unit/part\n") throws -> DoctorFinding {
        try #require(try findings(files, membership: membership).first { $0.subject == subject })
    }

    @Test(arguments: [
        (["unit/memory.max": "max\n"], DoctorFinding.Verdict.ok),
        (["unit/memory.max": "2147483648\n", "unit/part/memory.max": "max\n"], .ok),
        // limits.bodies is 256 MiB.
        (["unit/memory.max": "300000000\n", "unit/part/memory.max": "max\n"], .warning),
        (["unit/part/memory.max": "134217728\n"], .failure),
        (["memory/memory.limit_in_bytes": "134217728\n"], .failure),
        (["memory/memory.limit_in_bytes": "9223372036854771712\n"], .ok),
    ])
    func `the tightest memory limit of the group and those above it is compared with what bodies may take`(
        _ files: [String: String], _ verdict: DoctorFinding.Verdict
    ) throws {
        let finding = try Self.finding("memory", files)
        #expect(finding.verdict == verdict, "\(finding)")
        #expect(verdict == .ok || finding.advice?.contains("limits.bodies") == true)
    }

    @Test(arguments: [
        ["unit/cpu.max": "max 100000\n"], ["cpu.max": "100000000 100000\n"], ["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"],
    ])
    func `processors without a limit below the workers are well`(_ files: [String: String]) throws {
        #expect(try Self.finding("processors", files).verdict == .ok)
    }

    @Test(
        .enabled(if: Instance.workers > 1, "one processor can't be too many"),
        arguments: [
            ["unit/part/cpu.max": "50000 100000\n"], ["cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n"],
        ])
    func `more workers than the group grants processors' time are a warning with the number that fits`(_ files: [String: String]) throws {
        let finding = try Self.finding("processors", files)
        #expect(finding.verdict == .warning && finding.message.contains("0.5") && finding.advice?.contains("HSSGW_WORKERS=1") == true, "\(finding)")
    }
}
