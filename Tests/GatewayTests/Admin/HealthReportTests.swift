import Testing

@testable import Administration

@Suite struct HealthReportTests {
    private static let passing = HealthReport(checks: [.init(name: "config", state: .passing), .init(name: "journal", state: .passing)])
    private static let failing = HealthReport(checks: [
        .init(name: "config", state: .passing), .init(name: "journal", state: .failing("full")),
    ])

    @Test func `is one word when all is well`() {
        #expect(Self.passing.isPassing)
        #expect(Self.passing.text(probe: "readyz", verbose: false) == "ok\n")
    }

    @Test func `names each check when asked`() {
        #expect(Self.passing.text(probe: "readyz", verbose: true) == "[+]config ok\n[+]journal ok\nreadyz check passed\n")
    }

    @Test(arguments: [true, false])
    func `names each check when one fails`(verbose: Bool) {
        #expect(!Self.failing.isPassing)
        #expect(Self.failing.text(probe: "livez", verbose: verbose) == "[+]config ok\n[-]journal failed: full\nlivez check failed\n")
    }
}
