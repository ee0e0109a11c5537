import Synchronization
import Testing

@testable import Credentials

/// The status of a credential about its past and its next attempt, with a clock that the test moves.
@Suite struct CredentialHistoryTests {
    private final class Clock: Sendable {
        private let time = Mutex(Duration.seconds(1_000))

        var now: Duration { time.withLock { $0 } }

        func advance(_ seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    }

    private static func key(in folder: TemporaryFolder, _ clock: Clock) throws -> Credential {
        try folder.replace("ak", with: "AAAAAAAAAAAA1111")
        try folder.replace("sk", with: "secret")
        let source = try StoredCredential.accessKey(id: .file(path: folder.path("ak")), secretKey: .file(path: folder.path("sk")))
        return Credential(name: "keys", source: source, uptime: { clock.now })
    }

    private static func call(_ credential: Credential, _ verdict: CredentialPass.Verdict) {
        guard case .ready(let pass) = credential.admit() else {
            Issue.record("no pass")
            return
        }
        #expect(pass.arrive())
        pass.end(verdict)
    }

    @Test func `counts how long a key has been in use and in its state, and how long until a resting one is tried`() throws {
        let (folder, clock) = (try TemporaryFolder(), Clock())
        let credential = try Self.key(in: folder, clock)
        clock.advance(30)
        #expect(credential.refresh(uptime: clock.now).isEmpty)
        var status = credential.status
        #expect(status.state == .ready && status.inState == .seconds(30) && status.inUse == .seconds(30) && status.retryAfter == nil)
        for _ in 1...2 { Self.call(credential, .refused) }
        // No call since then: the suspension has just begun.
        #expect(credential.status.state == .suspended && credential.status.inState == .zero && credential.status.retryAfter == .seconds(60))
        _ = credential.refresh(uptime: clock.now)
        clock.advance(20)
        status = credential.status
        #expect(status.inState == .seconds(20) && status.retryAfter == .seconds(40) && status.inUse == .seconds(50))
        // The one request that tries it is under way.
        clock.advance(40)
        guard case .ready(let probe) = credential.admit() else {
            Issue.record("nobody tries it")
            return
        }
        #expect(credential.status.retryAfter == .zero)
        #expect(probe.arrive())
        probe.end(.accepted)
        _ = credential.refresh(uptime: clock.now)
        clock.advance(5)
        status = credential.status
        #expect(status.state == .ready && status.inState == .seconds(5) && status.inUse == .seconds(95) && status.retryAfter == nil)
    }

    @Test func `begins anew when a replaced file is taken`() throws {
        let (folder, clock) = (try TemporaryFolder(), Clock())
        let credential = try Self.key(in: folder, clock)
        clock.advance(3_600)
        try folder.replace("ak", with: "BBBBBBBBBBBB2222")
        try folder.replace("sk", with: "other")
        #expect(credential.refresh(uptime: .seconds(1)).isEmpty && credential.status.inUse == .seconds(3_600))
        #expect(credential.refresh(uptime: .seconds(2)) == [.rotated(accessKeyTail: "2222")])
        #expect(credential.status.inUse == .zero && credential.status.inState == .seconds(3_600))
    }

    @Test func `says of several scopes when the worst of them began, and when the next is tried`() {
        var (ready, resting) = (CredentialStatus(isReady: true), CredentialStatus(isReady: false))
        (ready.inState, ready.inUse) = (.seconds(900), .seconds(900))
        (resting.isSuspended, resting.inState, resting.inUse, resting.retryAfter) = (true, .seconds(5), .seconds(100), .seconds(55))
        for (first, second) in [(ready, resting), (resting, ready)] {
            var both = first
            both.merge(second)
            #expect(both.state == .suspended && both.inState == .seconds(5) && both.inUse == .seconds(100) && both.retryAfter == .seconds(55))
        }
    }
}
