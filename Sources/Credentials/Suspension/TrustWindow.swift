/// Decides how many requests an access key may sign at a time, by what became of the earlier ones. Pure: time comes in.
///
/// The cloud locks a key for everybody after more than five failed authentications in a row (protocol page, APIG fault table), so:
/// 1. A key begins with room for two requests. Each success widens the room by one, so that it doubles with each round trip, and from
///    `wideOpen` on nothing is counted any more.
/// 2. A failure narrows it to two again; the second in a row suspends the key. A success counts only when its request left after the
///    last failure: the cloud may have judged an older one before it.
/// 3. A suspended key is tried by one request at a time, after a pause that grows. A success ends the suspension.
struct TrustWindow: Sendable {
    /// Failures in a row that suspend.
    static let failuresUntilSuspension = 2
    /// Room of an unproven key.
    static let narrow = 2
    /// Room from which on nothing is counted.
    static let wideOpen = 64
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
        let epoch: UInt32
        let isCounted: Bool
        let isProbe: Bool
    }

    enum Admission: Sendable, Equatable {
        case pass(Pass)
        /// There is no room until another request has ended.
        case wait
        case suspended(retryAfter: Duration)
    }

    /// What became of a request.
    enum Outcome: Sendable, Equatable {
        /// The cloud knew the key.
        case proven
        /// 401.
        case refused
        /// Nothing can be told.
        case silent
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
    /// Counts failures ever, so that successes know whether they are older.
    private var epoch: UInt32 = 0
    private var room = narrow
    private var underWay = 0
    private(set) var failures = 0
    private var pause = firstPause

    mutating func admit(at uptime: Duration) -> Admission {
        switch phase {
        case .open: return .pass(Pass(epoch: epoch, isCounted: false, isProbe: false))
        case .guarded:
            guard underWay < room else { return .wait }
            underWay += 1
            return .pass(Pass(epoch: epoch, isCounted: true, isProbe: false))
        case .suspended(let probeAt):
            guard uptime >= probeAt else { return .suspended(retryAfter: probeAt - uptime) }
            phase = .probing
            return .pass(Pass(epoch: epoch, isCounted: false, isProbe: true))
        case .probing: return .suspended(retryAfter: Self.pauseAfterSilence)
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
    var hasRoom: Bool { phase != .guarded || underWay < room }

    mutating func end(_ pass: Pass, _ outcome: Outcome, at uptime: Duration) -> Change {
        if pass.isCounted, underWay > 0 { underWay -= 1 }
        if pass.isProbe, phase == .probing { return endProbe(outcome, at: uptime) }
        switch outcome {
        case .silent: return pass.isCounted ? .room : .none
        case .proven: return widen(pass)
        case .refused: return narrow(at: uptime)
        }
    }

    /// Another key has taken this one's place; nothing is known about it.
    mutating func begin() {
        self = TrustWindow(epoch: epoch &+ 1)
    }

    init() {}

    private init(epoch: UInt32) {
        self.epoch = epoch
    }

    private mutating func widen(_ pass: Pass) -> Change {
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
            (phase, room, underWay) = (.guarded, Self.narrow, 0)
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
            self = TrustWindow(epoch: epoch &+ 1)
            return .resumed
        case .refused:
            epoch &+= 1
            failures += 1
            pause = min(pause * 2, Self.longestPause)
            phase = .suspended(probeAt: uptime + pause)
        case .silent:
            phase = .suspended(probeAt: uptime + Self.pauseAfterSilence)
        }
        return .none
    }
}
