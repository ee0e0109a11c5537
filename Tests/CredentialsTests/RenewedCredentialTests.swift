import Testing

@testable import Credentials

@Suite struct RenewedCredentialTests {
    private struct Unexpected: Error {}

    private static let time = SigningTime(secondsSinceEpoch: 0)

    private static func password(_ exchange: ScriptedExchange, _ clock: HandClock, _ password: SecretSource = .value(Secret("pw")))
        -> RenewedCredential
    {
        let place = IAMContext(
            iam: IAMEndpoint(url: "https://iam.test", host: "iam.test"), sts: IAMEndpoint(url: "https://sts.test", host: "sts.test"),
            exchange: exchange, clock: ClockOffset(), wall: { .seconds(1_795_421_730) })
        let login = PasswordLogin(domain: "acme", username: "robot", password: password)
        return RenewedCredential(
            type: .iamPassword, fetcher: PasswordFetcher(login: login, scope: .project("p"), place: place), uptime: { clock.now },
            chance: { 0.5 })
    }

    /// Waits until the current attempt has ended.
    private static func settle(_ credential: RenewedCredential) async {
        await withCheckedContinuation { continuation in _ = credential.whenChanged { continuation.resume() } }
    }

    private static func token(_ demand: CredentialDemand) -> Secret? {
        if case .material(.token(let token)) = demand { token } else { nil }
    }

    @Test func `one fetch serves a thousand who wait`() async throws {
        let (gate, clock) = (Gate(), HandClock())
        let exchange = ScriptedExchange([ScriptedExchange.token("T1")], gate: gate)
        let credential = Self.password(exchange, clock)
        let woken = Tally()
        await withTaskGroup { group in
            for _ in 0..<1_000 {
                guard case .wait = credential.demand() else {
                    Issue.record("nobody has anything yet")
                    return
                }
                group.addTask {
                    await Self.settle(credential)
                    woken.add()
                }
            }
            gate.open()
        }
        #expect(woken.value == 1_000)
        #expect(Self.token(credential.demand()) != nil)
        #expect(exchange.asked.count == 1)
    }

    @Test func `IAM down and a valid token: nobody notices; IAM down and none: refused at once`() async throws {
        let clock = HandClock()
        let exchange = ScriptedExchange([ScriptedExchange.token("T1")])
        let credential = Self.password(exchange, clock)
        _ = credential.demand()
        await Self.settle(credential)
        clock.advance(by: .seconds(3_000))
        #expect(Self.token(credential.demand()) != nil)
        while credential.fault == nil { await Task.yield() }
        #expect(Self.token(credential.demand()) != nil)
        #expect(credential.status.isReady)
        #expect(credential.status.problem?.contains("can't be reached") == true)
        #expect(credential.refresh(uptime: .seconds(1)) == [.renewalFailed(IAMFault(.iam, .exchange(.unreachable), host: "iam.test"))])
        clock.advance(by: .seconds(600))
        guard case .unavailable(let retryAfter) = credential.demand() else {
            Issue.record("used after its end, or waiting")
            return
        }
        #expect(retryAfter >= .seconds(1))
        #expect(credential.materialAtHand() == nil)
        #expect(!credential.status.isReady)
    }

    @Test(arguments: [true, false])
    func `a replacement that HSS took is replaced again within a second, one that it never took is not`(isTaken: Bool) async throws {
        let clock = HandClock()
        let exchange = ScriptedExchange((0..<4).map { ScriptedExchange.token("T\($0)") })
        let credential = Self.password(exchange, clock)
        _ = credential.demand()
        await Self.settle(credential)
        for round in 0..<2 {
            clock.advance(by: .seconds(1))
            let material = try #require(credential.materialAtHand())
            if isTaken { credential.accepted(material) }
            _ = credential.reject(material)
            _ = credential.refresh(uptime: clock.now)
            if round == 0 || isTaken { await Self.settle(credential) }
        }
        #expect(credential.status.renewals.succeeded == (isTaken ? 3 : 2))
    }

    @Test func `a wrong password is sent once, whoever asks and however often`() async throws {
        let clock = HandClock()
        let exchange = ScriptedExchange(Array(repeating: ScriptedExchange.answer(401, #"{"error":{"code":401}}"#), count: 20))
        let credential = Self.password(exchange, clock)
        _ = credential.demand()
        await Self.settle(credential)
        for _ in 0..<200 {
            clock.advance(by: .seconds(600))
            guard case .unavailable = credential.demand() else {
                Issue.record("somebody waits")
                return
            }
            _ = credential.refresh(uptime: clock.now)
            await Task.yield()
        }
        #expect(exchange.asked.count == 1)
    }

    @Test(.timeLimit(.minutes(10))) func `what was refused without a secret of its own is asked for again`() async throws {
        let clock = HandClock()
        let refusal = ScriptedExchange.answer(401, "Please configure Cloud Service Agency first")
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, "T=="), refusal, ScriptedExchange.keys(200)])
        let place = IAMContext(iam: nil, sts: nil, exchange: exchange, clock: ClockOffset())
        let fetcher = MetadataFetcher(endpoint: MetadataFetcher.usualEndpoint, place: place, uptime: { clock.now })
        let credential = RenewedCredential(type: .ecsMetadata, fetcher: fetcher, uptime: { clock.now }, chance: { 0.5 })
        _ = credential.demand()
        await Self.settle(credential)
        #expect(credential.fault?.kind == .refused)
        clock.advance(by: .seconds(10))
        _ = credential.refresh(uptime: clock.now)
        while credential.materialAtHand() == nil { await Task.yield() }
        #expect(exchange.asked.map(\.method) == ["PUT", "GET", "GET"])
        // A key that another credential has: that one is suspended on its own.
        #expect(!IAMFault(.iam, .refused, proof: .key).isRefusedSecret && IAMFault(.iam, .refused).isRefusedSecret)
    }

    @Test func `two scopes of one login try a wrong password once between them`() async throws {
        let exchange = ScriptedExchange(Array(repeating: ScriptedExchange.answer(401), count: 20))
        let place = IAMContext(
            iam: IAMEndpoint(url: "https://iam.test", host: "iam.test"), sts: IAMEndpoint(url: "https://sts.test", host: "sts.test"),
            exchange: exchange, clock: ClockOffset())
        let login = PasswordLogin(domain: "acme", username: "robot", password: .value(Secret("pw")))
        await withTaskGroup { group in
            for index in 0..<8 {
                group.addTask { _ = try? await PasswordFetcher(login: login, scope: .project("p\(index)"), place: place).fetch() }
            }
        }
        #expect(exchange.asked.count == 1)
    }

    @Test func `a replaced password file is noticed, used at once and recorded`() async throws {
        let (clock, folder) = (HandClock(), try TemporaryFolder())
        try folder.replace("pw", with: "wrong")
        let exchange = ScriptedExchange([ScriptedExchange.answer(401), ScriptedExchange.token("T1"), ScriptedExchange.token("T2")])
        let credential = Self.password(exchange, clock, .file(path: folder.path("pw")))
        _ = credential.demand()
        await Self.settle(credential)
        try folder.replace("pw", with: "right")
        for second in 1...3 { _ = credential.refresh(uptime: .seconds(second)) }
        while credential.materialAtHand() == nil { await Task.yield() }
        #expect(exchange.asked.last?.body.contains("right") == true)
        #expect(credential.refresh(uptime: .seconds(4)).contains(.rotated(accessKeyTail: nil)))
        #expect(exchange.asked.count == 2)
    }

    @Test func `a refused token is replaced by one fetch for all that were refused with it`() async throws {
        let clock = HandClock()
        let exchange = ScriptedExchange([ScriptedExchange.token("T1"), ScriptedExchange.token("T2")])
        let credential = Self.password(exchange, clock)
        _ = credential.demand()
        await Self.settle(credential)
        clock.advance(by: .seconds(30))
        let first = try #require(credential.materialAtHand())
        for _ in 0..<200 { #expect(credential.reject(first)) }
        await Self.settle(credential)
        #expect(try #require(Self.token(credential.demand())).isEqual(to: Secret("T2")))
        #expect(credential.reject(first), "the answer is there already")
        #expect(exchange.asked.count == 2)
    }

    @Test func `the guard's place is shared: of two hundred requests two sign, the rest wait or are refused`() throws {
        let clock = HandClock()
        let credential = Credential(
            name: "k", source: try StoredCredential.accessKey(id: .value(Secret("AK")), secretKey: .value(Secret("SK"))), uptime: { clock.now })
        var passes: [CredentialPass] = []
        let woken = Tally()
        for _ in 0..<200 {
            switch credential.admit() {
            case .ready(let pass):
                #expect(pass.arrive())
                passes.append(pass)
            case .wait(let wait):
                let isKept = credential.whenChanged(wait) { woken.add() }
                #expect(wait == .room && isKept)
            case .unavailable, .suspended: Issue.record("not yet")
            }
        }
        #expect(passes.count == 2)
        for pass in passes { pass.end(status: 401) }
        #expect(woken.value == 198)
        guard case .suspended(let retryAfter) = credential.admit() else {
            Issue.record("a third one goes")
            return
        }
        #expect(retryAfter == .seconds(60))
        #expect(credential.status.isSuspended && !credential.status.isReady)
        #expect(credential.refresh(uptime: .zero) == [.suspended(failures: 2)])
        clock.advance(by: .seconds(60))
        guard case .ready(let probe) = credential.admit() else {
            Issue.record("no probe")
            return
        }
        probe.end(status: 200)
        #expect(credential.refresh(uptime: .zero) == [.resumed])
    }

    private static func key(_ clock: HandClock) throws -> Credential {
        Credential(
            name: "k", source: try StoredCredential.accessKey(id: .value(Secret("AK")), secretKey: .value(Secret("SK"))), uptime: { clock.now })
    }

    private static func admitted(_ credential: Credential) throws -> CredentialPass {
        guard case .ready(let pass) = credential.admit() else { throw Unexpected() }
        try #require(pass.arrive())
        return pass
    }

    @Test func `an endpoint that never answers takes no other endpoint's places`() throws {
        let credential = try Self.key(HandClock())
        let (silent, healthy) = (credential.for(endpoint: "a"), credential.for(endpoint: "b"))
        #expect(silent === credential.for(endpoint: "a"))
        let held = [try Self.admitted(silent), try Self.admitted(silent)]
        guard case .wait(.room) = silent.admit() else { throw Unexpected() }
        for _ in 0..<100 { try Self.admitted(healthy).end(.accepted) }
        for pass in held { pass.end(.unknown) }
        #expect(credential.status.isReady && !credential.status.isSuspended)
    }

    @Test func `a pass that is let go of without a word gives its place back`() throws {
        let credential = try Self.key(HandClock())
        for _ in 0..<100 { _ = try Self.admitted(credential) }
        #expect(credential.status.isReady)
    }

    @Test func `a key that one endpoint refuses rests for all that have not accepted it, and is served by those that have`() throws {
        let credential = try Self.key(HandClock())
        let (refusing, proven, unproven) = (credential.for(endpoint: "a"), credential.for(endpoint: "b"), credential.for(endpoint: "c"))
        try Self.admitted(proven).end(.accepted)
        for _ in 0..<2 { try Self.admitted(refusing).end(.refused) }
        guard case .suspended = unproven.admit() else { throw Unexpected() }
        try Self.admitted(proven).end(.accepted)
        #expect(credential.status.isSuspended)
        #expect(credential.refresh(uptime: .zero) == [.suspended(failures: 2)])
    }

    @Test func `a key that is accepted again rests nowhere for the endpoint that had refused it`() throws {
        let clock = HandClock()
        let credential = try Self.key(clock)
        let (refusing, unused) = (credential.for(endpoint: "a"), credential.for(endpoint: "b"))
        for _ in 0..<2 { try Self.admitted(refusing).end(.refused) }
        #expect(!credential.status.isReady && credential.status.isSuspended)
        clock.advance(by: TrustWindow.firstPause)
        try Self.admitted(refusing).end(.accepted)
        #expect(credential.status.isReady && !credential.status.isSuspended)
        #expect(credential.refresh(uptime: .zero) == [.suspended(failures: 2), .resumed])
        try Self.admitted(unused).end(.accepted)
        #expect(credential.status.problem == nil)
    }

    @Test func `an endpoint that a reload has left counts no more, neither as good nor as resting`() throws {
        let credential = try Self.key(HandClock())
        try Self.admitted(credential).end(.accepted)
        let (former, present) = (credential.for(endpoint: "a"), credential.for(endpoint: "b"))
        for endpoint in [former, present] { try Self.admitted(endpoint).end(.accepted) }
        for _ in 0..<2 { try Self.admitted(present).end(.refused) }
        #expect(credential.status.isReady && credential.status.isSuspended)
        credential.isUsed(for: ["b"])
        #expect(!credential.status.isReady, "the only endpoint in use refuses it")
        credential.isUsed(for: ["a"])
        #expect(credential.status.isReady && !credential.status.isSuspended)
        credential.isUsed(for: ["a", "b"])
        #expect(credential.status.isSuspended, "what was known is known again")
    }
}
