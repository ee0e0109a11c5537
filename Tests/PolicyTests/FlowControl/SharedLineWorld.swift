import Policy

/// Teams whose requests come to any of several gateways, one line that the gateways share as bytes, and an upstream; in simulated time.
struct SharedLineWorld {
    private enum Event {
        case ask(team: Int)
        case arrival(ticket: Int)
        case answer(ticket: Int, isIn: Bool)
        case look(gateway: Int)
        case death(gateway: Int)
        case outage(ends: Duration)
        case kept(ticket: Int, closes: Duration)
        case back
        case alone(gateway: Int)
        case aloneLook(gateway: Int)
        case notice(gateway: Int)
        case overdue(ticket: Int)
    }

    private struct Call {
        let team: Int
        let gateway: Int
        let asked: Duration
    }

    let rules: FlowRules
    private(set) var upstream: UpstreamWindow
    private(set) var served: [Int]
    private(set) var longestWait = Duration.zero
    private(set) var largestState = 0
    private(set) var now = Duration.zero
    private var state: [UInt8]
    private let gateways: Int
    private var dead: Set<Int> = []
    private var calls: [Int: Call] = [:]
    private var waiting: [Int: Set<Int>] = [:]
    private var looks: [Int: Duration] = [:]
    private var events: [(time: Duration, order: Int, event: Event)] = []
    private var order = 0
    private var random: SplitMix64
    /// Whether a gateway is notified of changes of the line; otherwise it only polls once a second.
    private let hears: Bool
    /// How many of a hundred refused callers come late.
    private let lateComers: UInt64
    /// The last state that each gateway has seen, and what it could not report while the database was
    /// unreachable.
    private var copies: [Int: [UInt8]] = [:]
    private var untold: [(gateway: Int, body: (inout OperationLine, Duration) -> [OperationLine.Resolution])] = []
    private var isAway = false
    /// Calls that left by a kept turn while the database was unreachable.
    private(set) var leftByKept = 0
    /// Gateways that decide alone while the database is unreachable: their own lines, the requests waiting there, and calls
    /// that left by them.
    private let goesAlone: Bool
    private var alone: [Int: OperationLine] = [:]
    private var aloneWaiting: [Int: Set<Int>] = [:]
    private var aloneCalls: Set<Int> = []
    private var awaySince = Duration.zero
    /// Those that have not noticed yet that the database is back, and those that have stored nothing since it became
    /// unreachable.
    private var unaware: Set<Int> = []
    private var unsettled: Set<Int> = []
    /// Gateways that start later than the others.
    private let births: [Int: Duration]
    private(set) var leftAlone = 0
    /// Requests that had waited for as long as they may.
    private(set) var overdue = 0
    /// Requests that were refused because their gateway had never read the line.
    private(set) var refusedBlind = 0

    /// - Parameter teams: the number of concurrent requests of each.
    init(
        rules: FlowRules, gateways: Int, teams: [Int], upstream: UpstreamWindow, seed: UInt64, hears: Bool = true, lateComers: UInt64 = 0,
        death: Duration? = nil, outages: [(from: Duration, to: Duration)] = [], goesAlone: Bool = false, births: [Int: Duration] = [:]
    ) {
        self.rules = rules
        self.gateways = gateways
        self.upstream = upstream
        self.hears = hears
        self.lateComers = lateComers
        self.goesAlone = goesAlone
        self.births = births
        served = teams.map { _ in 0 }
        random = SplitMix64(seed: seed)
        state = OperationLine(rules: rules).encoded(at: .zero)
        for (team, count) in teams.enumerated() {
            for _ in 0..<count { schedule(.ask(team: team), at: fraction(of: .seconds(1))) }
        }
        if let death { schedule(.death(gateway: 0), at: death) }
        for outage in outages { schedule(.outage(ends: outage.to), at: outage.from) }
    }

    mutating func run(until end: Duration) {
        while let next = events.popLast(), next.time <= end {
            now = max(now, next.time)
            handle(next.event)
        }
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .ask(let team): ask(team)
        case .arrival(let ticket):
            let isIn = upstream.admit(at: now)
            schedule(.answer(ticket: ticket, isIn: isIn), at: now + fraction(of: .milliseconds(400)))
        case .answer(let ticket, let isIn): answer(ticket, isIn)
        case .look(let gateway):
            if looks[gateway] == now { looks[gateway] = nil }
            if waiting[gateway]?.isEmpty == false, !dead.contains(gateway), !isAway(for: gateway) { change(gateway) { _, _ in [] } }
        case .outage(let end): goAway(until: end)
        case .kept(let ticket, let closes): leaveByKept(ticket, until: closes)
        case .alone(let gateway): goAlone(gateway)
        case .aloneLook(let gateway):
            if aloneWaiting[gateway]?.isEmpty == false, isAway(for: gateway) { changeAlone(gateway) { _ in [] } }
        case .notice(let gateway): notice(gateway)
        case .overdue(let ticket): refuseOverdue(ticket)
        case .back where goesAlone:
            isAway = false
            for gateway in 0..<gateways { schedule(.notice(gateway: gateway), at: now + fraction(of: .seconds(2))) }
        case .back:
            isAway = false
            let late = untold
            untold = []
            for one in late { change(one.gateway, one.body) }
            for gateway in 0..<gateways where !dead.contains(gateway) { look(gateway, at: now + .microseconds(1)) }
        case .death(let gateway):
            dead.insert(gateway)
            for ticket in waiting.removeValue(forKey: gateway) ?? [] {
                if let call = calls.removeValue(forKey: ticket) { schedule(.ask(team: call.team), at: now + .milliseconds(500)) }
            }
        }
    }

    /// One gateway changes the line: it reads the bytes, computes, and stores bytes again.
    private mutating func change(_ gateway: Int, _ body: @escaping (inout OperationLine, Duration) -> [OperationLine.Resolution]) {
        guard !isAway(for: gateway) else { return untold.append((gateway, body)) }
        guard var line = OperationLine(decoding: state, rules: rules) else { preconditionFailure("a stored state can be read") }
        if unsettled.remove(gateway) != nil {
            let span = rules.timeAlone(since: awaySince, at: now, isSilentFirst: true)
            if span > .zero { line.assumeUse(during: span, since: awaySince, at: now, until: now + .seconds(2)) }
        }
        let resolutions = body(&line, now) + line.advance(to: now, for: Int64(gateway + 1))
        line.keepTurns(until: now + min(.seconds(10), rules.longestWait), at: now, for: Int64(gateway + 1))
        state = line.encoded(at: now)
        copies[gateway] = state
        largestState = max(largestState, state.count)
        for item in resolutions { tell(item, leaving: line.departure(of: item.ticket)) }
        for other in 0..<gateways where hears || other == gateway {
            guard waiting[other]?.isEmpty == false, !dead.contains(other) else { continue }
            let moment = min(line.nextMoment(after: now, for: Int64(other + 1)) ?? now + .seconds(1), now + .seconds(1))
            look(other, at: max(moment, now + .microseconds(1)))
        }
    }

    /// The database is unreachable: each gateway uses the state that it saw last.
    private mutating func goAway(until end: Duration) {
        isAway = true
        awaySince = now
        schedule(.back, at: end)
        if goesAlone {
            unaware = Set(0..<gateways)
            unsettled = unaware
            for gateway in 0..<gateways { schedule(.alone(gateway: gateway), at: now + rules.grace) }
        }
        for gateway in 0..<gateways where !dead.contains(gateway) {
            guard let bytes = copies[gateway], let line = OperationLine(decoding: bytes, rules: rules) else { continue }
            for turn in line.keptTurns(of: Int64(gateway + 1)) where turn.closes >= now && waiting[gateway]?.contains(turn.ticket) == true {
                let moment = max(turn.opens, now)
                schedule(.kept(ticket: turn.ticket, closes: turn.closes), at: moment + fraction(of: max(.zero, turn.closes - moment)))
            }
        }
    }

    private mutating func leaveByKept(_ ticket: Int, until closes: Duration) {
        guard let call = calls[ticket], isAway(for: call.gateway), now <= closes, waiting[call.gateway]?.remove(ticket) != nil else { return }
        leftByKept += 1
        let left = now
        // Reported before anything else that this gateway has to report.
        let tell: (inout OperationLine, Duration) -> [OperationLine.Resolution] = { line, _ in
            line.leftByKept(ticket, with: "keys", at: left)
            return []
        }
        untold.insert((call.gateway, tell), at: 0)
        longestWait = max(longestWait, now - call.asked)
        schedule(.arrival(ticket: ticket), at: now + fraction(of: .milliseconds(200)))
    }

    private mutating func look(_ gateway: Int, at time: Duration) {
        if let planned = looks[gateway], planned > now, planned <= time { return }
        looks[gateway] = time
        schedule(.look(gateway: gateway), at: time)
    }

    private mutating func ask(_ team: Int) {
        let living = (0..<gateways).filter { !dead.contains($0) && births[$0, default: .zero] <= now }
        let gateway = living[Int(random.next() % UInt64(living.count))]
        order += 1
        let ticket = order
        calls[ticket] = Call(team: team, gateway: gateway, asked: now)
        let request = OperationLine.Request(ticket: ticket, caller: "team-\(team)", credentials: ["keys"], owner: Int64(gateway + 1))
        schedule(.overdue(ticket: ticket), at: now + rules.longestWait + FlowRules.tolerance)
        if isAway(for: gateway), goesAlone, now - awaySince >= rules.grace { return arriveAlone(ticket) }
        waiting[gateway, default: []].insert(ticket)
        change(gateway) { line, now in
            [OperationLine.Resolution(ticket: ticket, verdict: line.arrive(request, at: now, hasRoom: true) ?? .wait)]
        }
    }

    // MARK: - Deciding alone

    private func isAway(for gateway: Int) -> Bool { isAway || unaware.contains(gateway) }

    /// No turn is kept longer than this.
    private mutating func goAlone(_ gateway: Int) {
        guard isAway(for: gateway) else { return }
        for ticket in (waiting.removeValue(forKey: gateway) ?? []).sorted() { arriveAlone(ticket) }
    }

    private mutating func arriveAlone(_ ticket: Int) {
        guard let call = calls[ticket] else { return }
        guard let bytes = copies[call.gateway], let known = OperationLine(decoding: bytes, rules: rules) else {
            refusedBlind += 1
            calls[ticket] = nil
            return schedule(.ask(team: call.team), at: now + .seconds(2))
        }
        var line = alone[call.gateway] ?? OperationLine(rules: rules.part(of: gateways))
        if aloneWaiting[call.gateway] == nil {
            line.takeOver(known, ahead: .zero, sharedUntil: awaySince + rules.grace + known.lifeOfKept)
            aloneWaiting[call.gateway] = []
        }
        alone[call.gateway] = line
        aloneWaiting[call.gateway]?.insert(ticket)
        let (request, moment) = (OperationLine.Request(ticket: ticket, caller: "team-\(call.team)", credentials: ["keys"]), now)
        changeAlone(call.gateway) { line in
            [OperationLine.Resolution(ticket: ticket, verdict: line.arrive(request, since: call.asked, at: moment, hasRoom: true) ?? .wait)]
        }
    }

    private mutating func refuseOverdue(_ ticket: Int) {
        guard let call = calls[ticket] else { return }
        if aloneWaiting[call.gateway]?.remove(ticket) != nil {
            alone[call.gateway]?.withdraw(ticket)
        } else if waiting[call.gateway]?.contains(ticket) == true, !isAway(for: call.gateway) {
            overdue += 1
            return change(call.gateway) { line, now in
                [OperationLine.Resolution(ticket: ticket, verdict: line.refuseWaiting(ticket, at: now) ?? .refuse(retryAfter: .seconds(1)))]
            }
        } else if waiting[call.gateway]?.remove(ticket) != nil {
            let withdraw: (inout OperationLine, Duration) -> [OperationLine.Resolution] = { line, _ in
                line.withdraw(ticket)
                return []
            }
            untold.append((call.gateway, withdraw))
        } else {
            return
        }
        overdue += 1
        calls[ticket] = nil
        schedule(.ask(team: call.team), at: now + .seconds(1))
    }

    private mutating func changeAlone(_ gateway: Int, _ body: (inout OperationLine) -> [OperationLine.Resolution]) {
        guard var line = alone[gateway] else { return }
        let resolutions = body(&line) + line.advance(to: now)
        alone[gateway] = line
        for item in resolutions where item.verdict != .wait {
            guard aloneWaiting[gateway]?.remove(item.ticket) != nil else { continue }
            if case .leave = item.verdict {
                leftAlone += 1
                aloneCalls.insert(item.ticket)
            }
            tell(item)
        }
        if let moment = line.nextMoment(after: now) { schedule(.aloneLook(gateway: gateway), at: max(moment, now + .microseconds(1))) }
    }

    /// A gateway notices that the database is back: it reports what it could not report, and its waiting requests are queued in the shared line
    /// from now on.
    private mutating func notice(_ gateway: Int) {
        guard !isAway, unaware.remove(gateway) != nil else { return }
        let late = untold.filter { $0.gateway == gateway }
        untold.removeAll { $0.gateway == gateway }
        for one in late { change(gateway, one.body) }
        for ticket in (aloneWaiting.removeValue(forKey: gateway) ?? []).sorted() {
            alone[gateway]?.withdraw(ticket)
            guard let call = calls[ticket] else { continue }
            let request = OperationLine.Request(ticket: ticket, caller: "team-\(call.team)", credentials: ["keys"], owner: Int64(gateway + 1))
            waiting[gateway, default: []].insert(ticket)
            change(gateway) { line, now in
                [OperationLine.Resolution(ticket: ticket, verdict: line.arrive(request, since: call.asked, at: now, hasRoom: true) ?? .wait)]
            }
        }
        look(gateway, at: now + .microseconds(1))
    }

    /// - Parameter departure: when it leaves, if not now.
    private mutating func tell(_ resolutions: OperationLine.Resolution, leaving departure: Duration? = nil) {
        guard let call = calls[resolutions.ticket] else { return }
        switch resolutions.verdict {
        case .wait: break
        case .leave:
            waiting[call.gateway]?.remove(resolutions.ticket)
            let left = max(now, departure ?? now)
            longestWait = max(longestWait, left - call.asked)
            schedule(.arrival(ticket: resolutions.ticket), at: left + fraction(of: .milliseconds(200)))
        case .refuse(let wait):
            waiting[call.gateway]?.remove(resolutions.ticket)
            calls[resolutions.ticket] = nil
            let isLate = random.next() % 100 < lateComers
            schedule(.ask(team: call.team), at: now + wait + (isLate ? fraction(of: .seconds(60)) : fraction(of: .milliseconds(200))))
        }
    }

    private mutating func answer(_ ticket: Int, _ isIn: Bool) {
        guard let call = calls[ticket] else { return }
        if isIn {
            served[call.team] += 1
            calls[ticket] = nil
            schedule(.ask(team: call.team), at: now + .milliseconds(1))
            if aloneCalls.remove(ticket) != nil {
                alone[call.gateway]?.answered(ticket, at: now)
            } else if !dead.contains(call.gateway) {
                change(call.gateway) { line, now in
                    line.answered(ticket, at: now); return []
                }
            }
        } else {
            waiting[call.gateway, default: []].insert(ticket)
            change(call.gateway) { line, now in
                let result = line.throttled(ticket, QuotaNotice(), at: now)
                return [OperationLine.Resolution(ticket: ticket, verdict: result.verdict)] + result.resolutions
            }
        }
    }

    private mutating func fraction(of duration: Duration) -> Duration {
        let share = Double(random.next() >> 11) / 9_007_199_254_740_992
        // The stored state has whole microseconds.
        return .microseconds(Int64(duration / .microseconds(1) * share))
    }

    private mutating func schedule(_ event: Event, at time: Duration) {
        order += 1
        let place = events.firstIndex { ($0.time, $0.order) < (time, order) } ?? events.endIndex
        events.insert((time, order, event), at: place)
    }
}
