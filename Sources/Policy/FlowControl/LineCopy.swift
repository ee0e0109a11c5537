/// A gateway's copy of a shared line, and how it changes the line: a new state is computed from the newest one that it has seen, and replaces that by
/// compare-and-set. Without I/O: the database's answers are passed in.
///
/// 1. A turn that a state grants is used only once that state is known to be stored.
/// 2. A kept turn is used without asking only if the line keeps it whether or not a pending state gets stored: while a state is being stored that
///    gives it up, and after one whose answer was lost (`failed`), it is in doubt until another state has been read or stored.
/// 3. Requests that left by kept turns, or went on without the line, are reported with each state until one with the report is stored.
package struct LineCopy: Sendable {
    /// What changes a line.
    package typealias Change = @Sendable (inout OperationLine, Duration) -> [OperationLine.Resolution]

    /// A request that left by its kept turn: its credential, and the time by the line's clock.
    package struct Spent: Sendable {
        let credential: String
        let time: Duration
    }

    /// A state that is to be stored, and its effect on this gateway's requests.
    package struct Attempt: Sendable {
        package let machine: OperationLine
        package let resolutions: [OperationLine.Resolution]
        /// The version that it replaces.
        package let version: Int64
        /// The line's time that it was computed for.
        package let now: Duration
        package let bytes: [UInt8]
        fileprivate let gone: Set<Int>
        fileprivate let spent: [Int: Spent]
        /// This gateway's requests that it releases, or whose kept turns it gives up.
        fileprivate let moving: Set<Int>
    }

    /// How long the line was unreachable, for gateways that decided alone meanwhile.
    package struct Absence: Sendable {
        let span: Duration
        let began: Duration
        let ended: Duration
        let returning: Duration

        /// - Parameters:
        ///   - span: for how long gateways may have decided for themselves.
        ///   - began: how long ago it was that it went away.
        ///   - ended: how long ago it was that it came back; zero while this gateway has not stored anything since then.
        ///   - returning: how long it takes until all of them have noticed that it is over.
        package init(span: Duration, began: Duration = .zero, ended: Duration = .zero, returning: Duration) {
            self.span = span
            self.began = began
            self.ended = ended
            self.returning = returning
        }
    }

    /// The database takes no state whose time is further from its own.
    private static let clockError = Duration.milliseconds(50)

    package private(set) var machine: OperationLine
    package private(set) var version: Int64 = 0
    /// Whether the stored state was ever read, or written, by this process.
    package private(set) var isKnown = false
    /// Whether the database has an older version than was seen here.
    package private(set) var hasLost = false
    /// Requests that went on without the line while the database was unreachable: their places are removed with the next change. At most as many
    /// as may wait.
    private var gone: Set<Int> = []
    /// Requests that left by their kept turns; reported with the next change.
    private var spent: [Int: Spent] = [:]
    /// Requests that a state may have changed of which it is unknown whether it was stored.
    private var doubted: Set<Int> = []
    /// The same for the state that is being stored.
    private var moving: Set<Int> = []

    package init(machine: OperationLine) { self.machine = machine }

    /// Whether something has to be reported to the line.
    package var isUntold: Bool { !gone.isEmpty || !spent.isEmpty }
    package var hasSpent: Bool { !spent.isEmpty }

    // MARK: - Storing

    /// Computes a new state.
    /// - Parameters:
    ///   - now: the line's time at which it will be stored.
    ///   - horizon: until when turns are kept for waiting requests.
    package func attempt(
        _ changes: [Change], rules: FlowRules, owner: Int64, at now: Duration, absence: Absence, horizon: Duration
    ) -> Attempt {
        var line = machine
        // A line's time doesn't run backwards by the difference between two gateways' clocks: the gateway that changed it last may have removed what
        // was over by its own clock.
        let now = machine.written - now < Self.clockError ? max(now, machine.written) : now
        line.written = now
        line.adopt(rules)
        line.stepBack(to: now)
        for (ticket, turn) in spent { line.leftByKept(ticket, with: turn.credential, at: turn.time) }
        var resolutions: [OperationLine.Resolution] = []
        if absence.span > .zero {
            let end = now - absence.ended
            line.assumeUse(during: absence.span, since: now - absence.began, at: end, until: end + absence.returning)
        }
        for change in changes { resolutions += change(&line, now) }
        for ticket in gone { line.withdraw(ticket) }
        resolutions += line.advance(to: now, for: owner)
        line.keepTurns(until: now + horizon, at: now, for: owner)
        var moving = Set(resolutions.filter { if case .leave = $0.verdict { true } else { false } }.map(\.ticket))
        let kept = Set(line.keptTurns(of: owner).map(\.id))
        for turn in machine.keptTurns(of: owner) where !kept.contains(turn.id) { moving.insert(turn.ticket) }
        return Attempt(
            machine: line, resolutions: resolutions, version: version, now: now, bytes: line.encoded(at: now), gone: gone, spent: spent,
            moving: moving)
    }

    /// Before an attempt is sent: false if a request has left by its kept turn since it was computed, so that it has to be computed
    /// again.
    package mutating func begin(_ attempt: Attempt) -> Bool {
        guard spent.count == attempt.spent.count, version == attempt.version else { return false }
        moving = attempt.moving
        return true
    }

    /// It was stored.
    package mutating func stored(_ attempt: Attempt, version: Int64) {
        machine = attempt.machine
        self.version = version
        isKnown = true
        hasLost = false
        gone.subtract(attempt.gone)
        for ticket in attempt.spent.keys { spent[ticket] = nil }
        doubted = []
        moving = []
    }

    /// It was not stored: another gateway stored first, or the database refused it.
    package mutating func refused() { moving = [] }

    /// It is unknown whether it was stored.
    package mutating func failed() {
        doubted.formUnion(moving)
        moving = []
    }

    /// Takes over the stored state; false when it can't be read.
    /// - Parameter state: nil when it is that of the version which is known here, or when there is none.
    package mutating func take(_ state: [UInt8]?, version found: Int64, rules: FlowRules) -> Bool {
        // The row is gone: the state that is known here is stored again.
        if found == 0, version > 0 {
            version = 0
            hasLost = true
        }
        guard let state else {
            isKnown = true
            return true
        }
        guard let line = OperationLine(decoding: state, rules: rules) else { return false }
        if found < version { hasLost = true }
        machine = line
        isKnown = true
        // The state in doubt was computed from another version, and can't be stored any more.
        if version != found { doubted = [] }
        version = found
        return true
    }

    // MARK: - Without asking

    /// Turns that may be used without asking, now or later; without those whose state is being stored.
    package func keptTurns(of owner: Int64, at now: Duration) -> [OperationLine.KeptTurn] {
        machine.keptTurns(of: owner).filter { turn in
            now <= turn.closes && spent[turn.ticket] == nil && !doubted.contains(turn.ticket) && !moving.contains(turn.ticket)
        }
    }

    /// The same, including those whose state is being stored.
    package func hopefulTurns(of owner: Int64, at now: Duration) -> Set<Int> {
        Set(machine.keptTurns(of: owner).filter { now <= $0.closes && !doubted.contains($0.ticket) }.map(\.ticket))
    }

    /// A request leaves by its kept turn.
    package mutating func use(_ turn: OperationLine.KeptTurn) { spent[turn.ticket] = Spent(credential: turn.credential, time: turn.opens) }

    /// A request goes on without the line.
    package mutating func leave(_ ticket: Int) { gone.insert(ticket) }
}

extension OperationLine.KeptTurn {
    /// A turn that was moved has another identity.
    fileprivate struct Identity: Hashable {
        let ticket: Int
        let credential: String
        let opens: Duration
    }

    fileprivate var id: Identity { Identity(ticket: ticket, credential: credential, opens: opens) }
}
