/// Decides how many requests an access key may sign at a time for one endpoint, from the outcomes of earlier requests. Pure: the caller passes the
/// time.
///
/// The cloud locks a key for all of its users after more than five failed authentications in a row (protocol page, APIG fault table), so:
/// 1. A key begins with room for two requests. Each success widens the room by one, so that it doubles with each round trip, and from `wideOpen` on
///    nothing is counted any more.
/// 2. A failure narrows it to two again; the second in a row suspends the key. A success counts only if its request was sent after the last failure,
///    because the cloud may have authenticated an older request before that failure.
/// 3. A suspended key is tried by one request at a time, after a pause that grows. A success ends the suspension.
/// 4. A request takes its place when it has a connection and is about to be sent (`arrive`): before that the cloud can't refuse it, so an endpoint
///    that can't be reached uses no places. Until the endpoint is known to be reachable many may try to connect (`mostApproaching`); afterwards only
///    as many as there is room for, so that no connection is opened in vain.
/// 5. In a fleet an unproven key also needs a shared pass for each request (`LockoutGuard`): two at a time for all gateways together.
/// 6. The outcome of a request with a replaced key says nothing about the new key, and its end gives back none of the new key's places.
struct TrustWindow: Sendable {
    /// Number of consecutive failures that suspend the key.
    static let failuresUntilSuspension = 2
    /// Number of places of an unproven key.
    static let narrow = 2
    /// Number of places from which on requests are no longer counted.
    static let wideOpen = 64
    /// Number of requests that may try at the same time to connect to an endpoint that was not reached yet.
    static let mostApproaching = 64
    /// The first pause; it doubles with each failed probe.
    static let firstPause = Duration.seconds(60)
    /// The cloud's own lock lasts five minutes.
    static let longestPause = Duration.seconds(300)
    /// The pause after a probe that proved nothing, because HSS could not be reached or answered with a fault of its own.
    static let pauseAfterSilence = Duration.seconds(5)

    enum Phase: Sendable, Equatable {
        case open
        case guarded
        case suspended(probeAt: Duration)
        case probing
    }

    /// The right to sign one request; given back by `end`.
    struct Pass: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            /// The request is not counted.
            case free
            /// The request is connecting.
            case approaching
            /// The request has one of the places.
            case placed
            /// The one request that tries a suspended key.
            case probe
        }

        fileprivate(set) var kind: Kind
        /// Which key it is for.
        let key: UInt32
        /// The number of the count that its place belongs to.
        fileprivate var count: UInt32
        /// The number of failures when the request was sent.
        fileprivate var epoch: UInt32
    }

    enum Admission: Sendable, Equatable {
        case pass(Pass)
        /// There is no room until another request has ended.
        case wait
        case suspended(retryAfter: Duration)
    }

    /// The outcome of a request.
    enum Outcome: Sendable, Equatable {
        /// The cloud accepted the key.
        case proven
        /// The cloud refused the key.
        case refused
        /// The answer says nothing about the key.
        case silent
        /// No connection could be made.
        case unreached
    }

    /// A change at the end of a request that has to be reported.
    enum Change: Sendable, Equatable {
        case none
        /// There may be a free place for waiting requests.
        case room
        case suspended
        case resumed
    }

    private(set) var phase = Phase.guarded
    /// The number of the current key; another one with each new key.
    private(set) var key: UInt32 = 0
    /// The number of failures so far, so that a success can be recognised as older than the last failure.
    private var epoch: UInt32 = 0
    private var room = narrow
    /// Changes whenever the two counts below are reset.
    private var count: UInt32 = 0
    private var placed = 0
    private var approaching = 0
    /// Whether the last attempt to connect succeeded.
    private(set) var isReachable = false
    /// Whether this endpoint has ever accepted this key.
    private(set) var hasProven = false
    private(set) var failures = 0
    private var pause = firstPause
    /// Whether another endpoint's refusals alone have suspended the key here.
    private var isForAnother = false

    /// - Parameter key: a number that no other key's window has.
    init(key: UInt32 = 0) { self.key = key }

    mutating func admit(at uptime: Duration) -> Admission {
        switch phase {
        case .open: return .pass(pass(.free))
        case .guarded:
            guard hasRoom else { return .wait }
            approaching += 1
            return .pass(pass(.approaching))
        case .suspended(let probeAt):
            guard uptime >= probeAt else { return .suspended(retryAfter: probeAt - uptime) }
            phase = .probing
            return .pass(pass(.probe))
        case .probing: return .suspended(retryAfter: Self.pauseAfterSilence)
        }
    }

    private func pass(_ kind: Pass.Kind) -> Pass { Pass(kind: kind, key: key, count: count, epoch: epoch) }

    /// The request has a connection and is about to be sent.
    /// - Returns: whether it may be sent. If not, the pass has ended, and the request has to get a new one.
    mutating func arrive(_ pass: inout Pass) -> Bool {
        if pass.key == key { isReachable = true }
        guard pass.kind == .approaching else { return true }
        if pass.count == count { approaching -= 1 }
        pass.kind = .free
        switch phase {
        case .open: return true
        case .guarded:
            guard placed < room, pass.key == key else { return false }
            placed += 1
            (pass.kind, pass.count, pass.epoch) = (.placed, count, epoch)
            return true
        case .suspended, .probing: return false
        }
    }

    /// Whether a request would get `suspended`. Not after the pause has passed, because then a request has to try the key.
    func rests(at uptime: Duration) -> Bool {
        switch phase {
        case .open, .guarded: false
        case .suspended(let probeAt): uptime < probeAt
        case .probing: true
        }
    }

    /// Whether a request would not get `wait`.
    var hasRoom: Bool {
        guard phase == .guarded else { return true }
        return isReachable ? placed + approaching < room : placed < room && approaching < Self.mostApproaching
    }

    mutating func end(_ pass: Pass, _ outcome: Outcome, at uptime: Duration) -> Change {
        if pass.count == count {
            if pass.kind == .approaching { approaching -= 1 }
            if pass.kind == .placed { placed -= 1 }
        }
        guard pass.key == key else { return .none }
        if outcome == .unreached { isReachable = false }
        if pass.kind == .probe, phase == .probing { return endProbe(outcome, at: uptime) }
        switch outcome {
        case .silent, .unreached: return pass.kind == .free ? .none : .room
        case .proven: return widen(pass)
        case .refused: return narrow(at: uptime)
        }
    }

    /// The same for a request with the current key that was sent while nothing was counted.
    mutating func endUncounted(_ outcome: Outcome, at uptime: Duration) -> Change {
        end(pass(.free), outcome, at: uptime)
    }

    /// The key was replaced by another one, about which nothing is known.
    mutating func begin(as number: UInt32? = nil) {
        var fresh = TrustWindow(key: number ?? key &+ 1)
        (fresh.epoch, fresh.count) = (epoch &+ 1, count &+ 1)
        self = fresh
    }

    /// Another endpoint suspended the key. An endpoint that has never accepted the key suspends it, too.
    mutating func suspendUnlessProven(at uptime: Duration) -> Change {
        guard phase == .guarded, !hasProven else { return .none }
        (phase, isForAnother) = (.suspended(probeAt: uptime + pause), true)
        return .room
    }

    /// The endpoint that had suspended the key has accepted it. Without that, an endpoint that no request goes to would stay suspended.
    mutating func resumeIfForAnother() -> Change {
        guard isForAnother, case .suspended = phase else { return .none }
        (phase, isForAnother) = (.guarded, false)
        return .room
    }

    /// The request has a connection, but it needs a shared pass before it may be sent: this pass ends.
    mutating func withhold(_ pass: Pass) {
        if pass.key == key { isReachable = true }
        if pass.count == count, pass.kind == .approaching { approaching -= 1 }
    }

    /// Another gateway has proven the key.
    mutating func resume() -> Change {
        guard case .suspended = phase else { return .room }
        var fresh = TrustWindow(key: key)
        (fresh.epoch, fresh.count) = (epoch &+ 1, count &+ 1)
        (fresh.isReachable, fresh.hasProven) = (isReachable, hasProven)
        self = fresh
        return .resumed
    }

    /// Another gateway's request was refused: the key has to be proven again.
    mutating func distrust() -> Change {
        epoch &+= 1
        switch phase {
        case .open: (phase, room, placed, approaching, count) = (.guarded, Self.narrow, 0, 0, count &+ 1)
        case .guarded: room = Self.narrow
        case .suspended, .probing: return .none
        }
        return .room
    }

    /// Other gateways' requests were refused too often.
    mutating func rest(for pause: Duration, at uptime: Duration) -> Change {
        let probeAt = uptime + pause
        switch phase {
        case .open, .guarded: (placed, approaching, room, count) = (0, 0, Self.narrow, count &+ 1)
        case .suspended(let known) where known < probeAt: break
        case .suspended, .probing: return .room
        }
        phase = .suspended(probeAt: probeAt)
        return .room
    }

    private mutating func widen(_ pass: Pass) -> Change {
        hasProven = true
        guard phase == .guarded else { return .none }
        guard pass.epoch == epoch else { return .room }
        failures = 0
        room += 1
        if room >= Self.wideOpen { phase = .open }
        return .room
    }

    private mutating func narrow(at uptime: Duration) -> Change {
        epoch &+= 1
        switch phase {
        case .open:
            // Requests under way were not counted, but their outcomes still are.
            (phase, room, placed, approaching, count) = (.guarded, Self.narrow, 0, 0, count &+ 1)
        case .guarded: room = Self.narrow
        case .suspended, .probing: return .none
        }
        failures += 1
        guard failures >= Self.failuresUntilSuspension else { return .room }
        phase = .suspended(probeAt: uptime + pause)
        return .suspended
    }

    private mutating func endProbe(_ outcome: Outcome, at uptime: Duration) -> Change {
        switch outcome {
        case .proven:
            var fresh = TrustWindow(key: key)
            (fresh.epoch, fresh.count, fresh.hasProven) = (epoch &+ 1, count &+ 1, true)
            self = fresh
            return .resumed
        case .refused:
            epoch &+= 1
            failures += 1
            isForAnother = false
            pause = min(pause * 2, Self.longestPause)
            phase = .suspended(probeAt: uptime + pause)
        case .silent, .unreached:
            phase = .suspended(probeAt: uptime + Self.pauseAfterSilence)
        }
        return .none
    }
}
