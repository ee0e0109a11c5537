import Audit
import Credentials
import NIOCore
import Testing

@testable import Administration
@testable import Gateway

@Suite struct ReadinessTests {
    /// 2026-11-23T08:15:30Z.
    private static let now = Timestamp(microseconds: 1_795_421_730_000_000)

    @Test(arguments: [0, 59, -59]) func `says nothing of a clock that is good enough`(seconds: Int) {
        #expect(AdminState.clockCheck(Self.now, offset: .seconds(seconds)) == .passing)
    }

    @Test(arguments: [(60, "behind"), (-60, "ahead of"), (599, "behind")]) func `warns of a clock that is off by a minute`(seconds: Int, word: String)
    {
        guard case .warning(let sentence) = AdminState.clockCheck(Self.now, offset: .seconds(seconds)) else {
            Issue.record("no warning")
            return
        }
        #expect(sentence.contains("\(abs(seconds)) s \(word)"))
    }

    @Test(arguments: [600, -600, 86_400]) func `isn't ready with a clock that is off by ten minutes`(seconds: Int) {
        guard case .failing = AdminState.clockCheck(Self.now, offset: .seconds(seconds)) else {
            Issue.record("ready")
            return
        }
    }

    @Test func `is ready with a token that can't be renewed just now, and says so`() {
        var status = CredentialStatus(isReady: true)
        #expect(AdminState.credentialCheck(status) == .passing)
        status.problem = "IAM can't be reached."
        #expect(AdminState.credentialCheck(status) == .warning("IAM can't be reached."))
        status.isReady = false
        #expect(AdminState.credentialCheck(status) == .failing("IAM can't be reached."))
        let report = HealthReport(checks: [HealthCheck(name: "clock", state: .warning("off"))])
        #expect(report.isPassing)
        #expect(report.text(probe: "readyz", verbose: true) == "[+]clock ok, but: off\nreadyz check passed\n")
    }

    @Test func `several scopes of a credential are as bad as the worst`() {
        var one = CredentialStatus(isReady: true)
        one.expiry = 20
        one.renewals.succeeded = 1
        var other = CredentialStatus(isReady: false)
        other.expiry = 10
        other.renewals.succeeded = 2
        other.problem = "no"
        one.merge(other)
        #expect(!one.isReady && one.expiry == 10 && one.renewals.succeeded == 3 && one.problem == "no")
    }

    @Test(
        arguments: [
            ("APIGW.0301", true), ("APIG.0307", true), ("APIGW.0303", false), ("HSS.0010", false), ("APIGX.0301", false), ("0301", false),
            (nil, false),
        ] as [(String?, Bool)])
    func `knows which refusals another token may mend`(code: String?, isMended: Bool) {
        #expect(GatewayCode.isMendedByToken(code) == isMended)
    }
}
