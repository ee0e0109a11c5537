/// Decides how many requests an access key may sign at a time for one endpoint, by what became of the earlier ones. Pure: time comes in.
///
/// The cloud locks a key for everybody after more than five failed authentications in a row (protocol page, APIG fault table), so:
/// 1. A key begins with room for two requests. Each success widens the room by one, so that it doubles with each round trip, and from
///    `wideOpen` on nothing is counted any more.
/// 2. A failure narrows it to two again; the second in a row suspends the key. A success counts only when its request left after the
///    last failure: the cloud may have judged an older one before it.
/// 3. A suspended key is tried by one request at a time, after a pause that grows. A success ends the suspension.
/// 4. A request takes its place when it has a connection and is about to be sent (`arrive`): before that the cloud can't judge anything, so
///    an endpoint that can't be reached uses up no room. Until the endpoint is known to be reachable many may try to connect
///    (`mostApproaching`); afterwards only as many as there is room for, so that no connection is opened in vain.
/// 5. In a fleet a key that nobody has proved signs only with a pass of all gateways besides (`LockoutGuard`): two at a time in all of them.
/// 6. What requests of a replaced key become says nothing about the new one, and their ends give back no place of its own.
struct TrustWindow: Sendable {
    /// Failures in a row that suspend.
    static let failuresUntilSuspension = 2
    /// Room of an unproven key.
    static let narrow = 2
    /// Room from which on nothing is counted.
    static let wideOpen = 64
    /// Requests that try at the same time to connect to an endpoint that nobody has reached yet.
    static let mostApproaching = 64
    /// The first pause; it doubles with each failed probe.
    static let firstPause = Duration.seconds(60)
    /// The cloud's own lock lasts five minutes.
    static let longestPause = Duration.seconds(300)
    /// After a probe that proved nothing, because HSS could not be reached or answered with a fault of its own.
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
            /// Nothing is counted.
            case free
            /// On its way to a connection.
            case approaching
            /// It has one of the places.
            case placed
            /// The one request that tries a suspended key.
            case probe
        }

        fileprivate(set) var kind: Kind
        /// Which key it is for.
        let key: UInt32
        /// Which count its place belongs to.
        fileprivate var count: UInt32
        /// How many failures there had been when it left.
        fileprivate var epoch: UInt32
    }

    enum Admission: Sendable, Equatable {
        case pass(Pass)
        /// There is no room until another request has ended.
        case wait
        case suspended(retryAfter: Duration)
    }

    /// What became of a request.
    enum Outcome: Sendable, Equatable {
        /// The cloud accepted the key.
        case proven
        /// The cloud refused the key.
        case refused
        /// Nothing can be told.
        case silent
        /// No connection came about.
        case unreached
    }

    /// What a request's end changed, as far as anybody has to be told.
    enum Change: Sendable, Equatable {
        case none
        /// There may be room for those who wait.
        case room
        case suspended
        case resumed
    }

    private(set) var phase = Phase.guarded
    /// Counts the keys.
    private(set) var key: UInt32 = 0
    /// Counts failures ever, so that successes know whether they are older.
    private var epoch: UInt32 = 0
    private var room = narrow
    /// Changes whenever the two below begin anew.
    private var count: UInt32 = 0
    private var placed = 0
    private var approaching = 0
    /// Whether the last attempt to connect succeeded.
    private(set) var isReachable = false
    /// Whether this endpoint has ever accepted this key.
    private(set) var hasProven = false
    private(set) var failures = 0
    private var pause = firstPause

    init() {}

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
    /// - Returns: whether it may be. Otherwise the pass is over, and the request asks anew.
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

    /// Whether asking would be answered by `suspended`. A pause that is over is none: somebody has to try the key.
    func rests(at uptime: Duration) -> Bool {
        switch phase {
        case .open, .guarded: false
        case .suspended(let probeAt): uptime < probeAt
        case .probing: true
        }
    }

    /// Whether asking would not be answered by `wait`.
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

    /// The same for a request of the present key that left while nothing was counted.
    mutating func endUncounted(_ outcome: Outcome, at uptime: Duration) -> Change {
        end(pass(.free), outcome, at: uptime)
    }

    /// Another key has taken this one's place; nothing is known about it.
    mutating func begin() {
        var fresh = TrustWindow()
        (fresh.key, fresh.epoch, fresh.count) = (key &+ 1, epoch &+ 1, count &+ 1)
        self = fresh
    }

    /// Another endpoint suspended the key. One that has never accepted it goes by that.
    mutating func suspendUnlessProven(at uptime: Duration) -> Change {
        guard phase == .guarded, !hasProven else { return .none }
        phase = .suspended(probeAt: uptime + pause)
        return .room
    }

    /// The request has a connection, and other gateways have to be asked before it may be sent: the pass is over.
    mutating func withhold(_ pass: Pass) {
        if pass.key == key { isReachable = true }
        if pass.count == count, pass.kind == .approaching { approaching -= 1 }
    }

    /// Another gateway has proved the key.
    mutating func resume() -> Change {
        guard case .suspended = phase else { return .room }
        var fresh = TrustWindow()
        (fresh.key, fresh.epoch, fresh.count) = (key, epoch &+ 1, count &+ 1)
        (fresh.isReachable, fresh.hasProven) = (isReachable, hasProven)
        self = fresh
        return .resumed
    }

    /// Another gateway was refused: the key has to be proven anew.
    mutating func distrust() -> Change {
        epoch &+= 1
        switch phase {
        case .open: (phase, room, placed, approaching, count) = (.guarded, Self.narrow, 0, 0, count &+ 1)
        case .guarded: room = Self.narrow
        case .suspended, .probing: return .none
        }
        return .room
    }

    /// Other gateways were refused too often.
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
            // What is under way was not counted, and what it says later still is.
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
            var fresh = TrustWindow()
            (fresh.key, fresh.epoch, fresh.count, fresh.hasProven) = (key, epoch &+ 1, count &+ 1, true)
            self = fresh
            return .resumed
        case .refused:
            epoch &+= 1
            failures += 1
            pause = min(pause * 2, Self.longestPause)
            phase = .suspended(probeAt: uptime + pause)
        case .silent, .unreached:
            phase = .suspended(probeAt: uptime + Self.pauseAfterSilence)
        }
        return .none
    }
}
