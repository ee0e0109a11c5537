import Testing

@testable import Credentials

@Suite struct TrustWindowTests {
    /// A request that was admitted, has connected and was sent.
    private static func pass(_ window: Window, at uptime: Duration = .zero) throws -> TrustWindow.Pass {
        guard case .pass(var pass) = window.admit(at: uptime), window.arrive(&pass) else { throw Refused() }
        return pass
    }

    private struct Refused: Error {}

    /// A window in which nothing is counted any more.
    private static func open() throws -> Window {
        let window = Window()
        while window.phase == .guarded {
            let pass = try pass(window)
            _ = window.end(pass, .proven, at: .zero)
        }
        return window
    }

    @Test func `lets two requests of a new key go, and no third before one has come back`() throws {
        let window = Window()
        let first = try Self.pass(window)
        _ = try Self.pass(window)
        #expect(window.admit(at: .zero) == .wait)
        #expect(window.end(first, .proven, at: .zero) == .room)
        _ = try Self.pass(window)
        _ = try Self.pass(window)
        #expect(window.admit(at: .zero) == .wait, "one success has made room for one more")
    }

    @Test func `of two hundred at once against an upstream that refuses, two go`() throws {
        let window = Window()
        var passes: [TrustWindow.Pass] = []
        let admitted = (0..<200).compactMap { _ in
            if case .pass(let pass) = window.admit(at: .zero) { pass } else { nil }
        }
        #expect(admitted.count == TrustWindow.mostApproaching, "until one has connected nobody knows whether that is possible")
        for var pass in admitted where window.arrive(&pass) { passes.append(pass) }
        #expect(passes.count == 2)
        #expect(window.end(passes[0], .refused, at: .zero) == .room)
        #expect(window.end(passes[1], .refused, at: .zero) == .suspended)
        #expect(window.admit(at: .seconds(59)) == .suspended(retryAfter: .seconds(1)))
    }

    @Test func `after the first refusal one more goes, not the room of before`() throws {
        let window = Window()
        _ = window.end(try Self.pass(window), .refused, at: .zero)
        let second = try Self.pass(window)
        #expect(window.end(second, .refused, at: .seconds(1)) == .suspended)
    }

    @Test func `an open window counts nothing, and narrows with the first refusal`() throws {
        let window = try Self.open()
        let passes = try (0..<500).map { _ in try Self.pass(window) }
        #expect(window.end(passes[0], .refused, at: .zero) == .room)
        #expect(window.phase == .guarded)
        // Those that were sent before the refusal prove nothing about the time after it.
        #expect(window.end(passes[1], .proven, at: .zero) == .none || window.failures == 1)
        #expect(window.failures == 1)
        #expect(window.end(passes[2], .refused, at: .zero) == .suspended)
    }

    @Test func `a success in between keeps the key in use`() throws {
        let window = Window()
        for _ in 0..<10 {
            _ = window.end(try Self.pass(window), .refused, at: .zero)
            #expect(window.end(try Self.pass(window), .proven, at: .zero) == .room)
        }
        #expect(window.failures == 0)
    }

    @Test func `tries a suspended key with one request at a time, after pauses that double up to five minutes`() throws {
        let window = Window()
        for _ in 0..<2 { _ = window.end(try Self.pass(window), .refused, at: .zero) }
        var now = Duration.seconds(60)
        for pause in [120, 240, 300, 300] {
            let probe = try Self.pass(window, at: now)
            #expect(window.admit(at: now) == .suspended(retryAfter: .seconds(5)), "one at a time")
            #expect(window.end(probe, .refused, at: now) == .none)
            #expect(window.admit(at: now) == .suspended(retryAfter: .seconds(pause)))
            now += .seconds(pause)
        }
        let probe = try Self.pass(window, at: now)
        #expect(window.end(probe, .proven, at: now) == .resumed)
        #expect(window.phase == .guarded)
        _ = try Self.pass(window, at: now)
    }

    @Test func `rests while nothing may be signed, and not when somebody has to try the key`() throws {
        let window = Window()
        #expect(!window.rests(at: .zero))
        for _ in 0..<2 { _ = window.end(try Self.pass(window), .refused, at: .zero) }
        #expect(window.rests(at: .seconds(59)))
        #expect(!window.rests(at: .seconds(60)), "passed over for ever, it would never be tried")
        let probe = try Self.pass(window, at: .seconds(60))
        #expect(window.rests(at: .seconds(60)), "one at a time")
        _ = window.end(probe, .proven, at: .seconds(61))
        #expect(!window.rests(at: .seconds(61)))
    }

    @Test func `a probe that proves nothing is soon followed by another`() throws {
        let window = Window()
        for _ in 0..<2 { _ = window.end(try Self.pass(window), .refused, at: .zero) }
        let probe = try Self.pass(window, at: .seconds(60))
        _ = window.end(probe, .silent, at: .seconds(70))
        _ = try Self.pass(window, at: .seconds(75))
    }

    @Test func `a new key begins anew, and what the old one's requests say no longer counts`() throws {
        let window = Window()
        let old = try Self.pass(window)
        for _ in 0..<2 { _ = window.end(old, .refused, at: .zero) }
        window.begin()
        _ = try Self.pass(window)
        #expect(window.failures == 0)
    }

    @Test func `an endpoint that nobody can connect to uses up no room`() throws {
        let window = Window()
        for _ in 0..<500 {
            guard case .pass(let pass) = window.admit(at: .zero) else { throw Refused() }
            #expect(window.end(pass, .unreached, at: .zero) == .room)
        }
        let first = try Self.pass(window)
        _ = try Self.pass(window)
        #expect(window.admit(at: .zero) == .wait, "connections are opened only for as many as may be sent")
        // The two are still under way when the endpoint stops answering; a later one finds out.
        _ = window.end(first, .silent, at: .zero)
        guard case .pass(let lost) = window.admit(at: .zero) else { throw Refused() }
        _ = window.end(lost, .unreached, at: .zero)
        for _ in 0..<20 { if case .wait = window.admit(at: .zero) { Issue.record("it waits for what it can't reach") } }
    }

    @Test func `a request that connects after the room was taken asks anew`() throws {
        let window = Window()
        var passes = (0..<3).compactMap { _ in
            if case .pass(let pass) = window.admit(at: .zero) { pass } else { nil }
        }
        #expect(window.arrive(&passes[0]) && window.arrive(&passes[1]))
        #expect(!window.arrive(&passes[2]))
        #expect(window.admit(at: .zero) == .wait)
        #expect(window.end(passes[0], .proven, at: .zero) == .room)
        _ = try Self.pass(window)
        _ = try Self.pass(window)
        #expect(window.admit(at: .zero) == .wait)
    }

    @Test func `the ends of a replaced key's requests neither count nor give back the new key's places`() throws {
        let window = Window()
        let old = [try Self.pass(window), try Self.pass(window)]
        window.begin()
        let new = [try Self.pass(window), try Self.pass(window)]
        for pass in old { #expect(window.end(pass, .refused, at: .zero) == .none) }
        #expect(window.failures == 0)
        #expect(window.admit(at: .zero) == .wait, "both places are the new key's")
        #expect(window.end(new[0], .proven, at: .zero) == .room)
    }

    @Test func `an endpoint that never accepted the key goes by another's suspension, one that did does not`() throws {
        let (unproven, proven) = (Window(), Window())
        _ = proven.end(try Self.pass(proven), .proven, at: .zero)
        #expect(unproven.suspendUnlessProven(at: .zero) == .room)
        #expect(proven.suspendUnlessProven(at: .zero) == .none)
        #expect(unproven.admit(at: .seconds(1)) == .suspended(retryAfter: .seconds(59)))
        _ = try Self.pass(proven)
        // It is tried alone, once.
        let probe = try Self.pass(unproven, at: .seconds(60))
        #expect(unproven.end(probe, .proven, at: .seconds(60)) == .resumed)
    }

    /// In all cases, no more are under way than allowed, and two refusals in a row always suspend.
    @Test func `holds its bounds whatever happens`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<200 {
            let window = Window()
            var underWay: [TrustWindow.Pass] = []
            var now = Duration.zero
            var refusedInARow = 0
            for _ in 0..<300 {
                now += .milliseconds(Int(random.next() % 20_000))
                if random.next() % 2 == 0 || underWay.isEmpty {
                    if case .pass(var pass) = window.admit(at: now) {
                        if random.next() % 4 == 0 {
                            _ = window.end(pass, .unreached, at: now)
                        } else if window.arrive(&pass) {
                            underWay.append(pass)
                        }
                    }
                } else {
                    let pass = underWay.remove(at: Int(random.next() % UInt64(underWay.count)))
                    let outcome: TrustWindow.Outcome = [.proven, .refused, .silent][Int(random.next() % 3)]
                    _ = window.end(pass, outcome, at: now)
                    switch outcome {
                    case .refused: refusedInARow += 1
                    case .proven: refusedInARow = 0
                    case .silent, .unreached: break
                    }
                    if refusedInARow >= 2 { #expect(window.phase != .open) }
                }
                #expect(underWay.filter { $0.kind == .probe }.count <= 1)
                #expect(underWay.count { $0.kind == .placed } <= TrustWindow.wideOpen)
            }
        }
    }
}

/// A reference to a window, so that an expectation may change it: the macro takes its operands apart, which
/// doesn't work with values.
private final class Window {
    private var window = TrustWindow()

    var phase: TrustWindow.Phase { window.phase }
    var failures: Int { window.failures }

    func admit(at uptime: Duration) -> TrustWindow.Admission { window.admit(at: uptime) }
    func rests(at uptime: Duration) -> Bool { window.rests(at: uptime) }
    func begin() { window.begin() }
    func arrive(_ pass: inout TrustWindow.Pass) -> Bool { window.arrive(&pass) }
    func suspendUnlessProven(at uptime: Duration) -> TrustWindow.Change { window.suspendUnlessProven(at: uptime) }

    func end(_ pass: TrustWindow.Pass, _ outcome: TrustWindow.Outcome, at uptime: Duration) -> TrustWindow.Change {
        window.end(pass, outcome, at: uptime)
    }
}
