import Policy

/// Teams, a scheduler and an upstream in simulated time.
struct FlowWorld {
    /// How a team sends requests.
    enum Behaviour {
        /// One request after another, the next as soon as the last is answered; after a refusal, it comes back at the
        /// given time.
        case patient
        /// The same, but it ignores `Retry-After`: it retries every second.
        case stubborn
        /// Requests at random times, on average one in each gap; refused ones are not repeated.
        case random(gap: Duration)
        /// Always that many requests at a time; it ignores `Retry-After` like the stubborn one.
        case flood(Int)
    }

    private enum Event {
        case ask(team: Int)
        case arrival(ticket: Int)
        case answer(ticket: Int, isIn: Bool)
        case wake
    }

    struct Team {
        let name: String
        let behaviour: Behaviour
        var served = 0
        var refused = 0
    }

    private struct Call {
        let team: Int
        let asked: Duration
        var credential = ""
        var left: Duration?
    }

    let operation = 7
    let credentials: [String]
    private(set) var teams: [Team]
    private(set) var upstreams: [String: UpstreamWindow]
    private(set) var now = Duration.zero
    /// Wrong times in refusals: a patient caller came at the given time and was refused again.
    private(set) var secondRefusals = 0
    private(set) var waitedTooLong = 0
    private var scheduler: FlowScheduler
    private let rules: FlowRules
    private var isPaced: Bool
    private var departures: [String: [OperationLine.Departure]] = [:]
    private var calls: [Int: Call] = [:]
    private var wasTold: Set<Int> = []
    private var events: [(time: Duration, order: Int, event: Event)] = []
    private var order = 0
    private var random: SplitMix64
    private let notice: (Quota) -> QuotaNotice
    /// The longest transit of a call to the upstream, and of its answer back.
    private let way: (to: Duration, back: Duration)

    init(
        rules: FlowRules, teams: [Behaviour], upstreams: [String: UpstreamWindow], seed: UInt64,
        way: (to: Duration, back: Duration) = (.milliseconds(200), .milliseconds(400)),
        notice: @escaping (Quota) -> QuotaNotice = { QuotaNotice(quota: $0) }
    ) {
        self.rules = rules
        scheduler = FlowScheduler(rules: rules)
        isPaced = rules.pace != .adaptive
        self.teams = teams.enumerated().map { Team(name: "team-\($0)", behaviour: $1) }
        self.upstreams = upstreams
        credentials = upstreams.keys.sorted()
        random = SplitMix64(seed: seed)
        self.notice = notice
        self.way = way
        for team in teams.indices {
            switch teams[team] {
            case .flood(let count): for _ in 0..<count { schedule(.ask(team: team), in: fraction(of: .seconds(1))) }
            case .random(let gap): schedule(.ask(team: team), in: fraction(of: gap))
            case .patient, .stubborn: schedule(.ask(team: team), in: fraction(of: .seconds(1)))
            }
        }
    }

    // MARK: - Figures

    var served: Int { teams.reduce(0) { $0 + $1.served } }
    var rejected: Int { upstreams.values.reduce(0) { $0 + $1.rejected } }

    /// Jain's index of the teams' shares: 1 when all are equal, 1/n when one got everything.
    static func jain(_ shares: [Int]) -> Double {
        let sum = Double(shares.reduce(0, +))
        let squares = shares.reduce(0.0) { $0 + Double($1) * Double($1) }
        return squares == 0 ? 1 : sum * sum / (Double(shares.count) * squares)
    }

    // MARK: - Running

    mutating func run(until end: Duration) {
        while let next = pop(), next.time <= end {
            now = max(now, next.time)
            handle(next.event)
        }
        now = end
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .ask(let team): ask(team)
        case .arrival(let ticket):
            guard let call = calls[ticket] else { return }
            let isIn = upstreams[call.credential]?.admit(at: now) ?? true
            schedule(.answer(ticket: ticket, isIn: isIn), in: fraction(of: way.back))
        case .answer(let ticket, let isIn): answer(ticket, isIn)
        case .wake: tell(scheduler.advance(to: now))
        }
        if let moment = scheduler.nextMoment { schedule(.wake, at: max(moment, now)) }
    }

    private mutating func ask(_ team: Int) {
        if case .random(let gap) = teams[team].behaviour {
            // Poisson: the gap to the next one is exponential.
            schedule(.ask(team: team), in: gap * exponential())
        }
        order += 1
        let ticket = order
        calls[ticket] = Call(team: team, asked: now)
        let request = OperationLine.Request(ticket: ticket, caller: teams[team].name, credentials: credentials)
        guard isPaced else { return leave(ticket, credentials[ticket % credentials.count], isCounted: false) }
        switch scheduler.arrive(request, operation: operation, at: now) {
        case .leave(let credential): leave(ticket, credential)
        case .wait: break
        case .refuse(let wait): refuse(ticket, wait)
        case nil: refuse(ticket, .seconds(5))
        }
    }

    private mutating func leave(_ ticket: Int, _ credential: String, isCounted: Bool = true) {
        guard let call = calls[ticket] else { return }
        calls[ticket]?.credential = credential
        calls[ticket]?.left = isCounted ? nil : now
        if !isCounted { departures[credential, default: []].append(OperationLine.Departure(caller: teams[call.team].name, time: now)) }
        let waited = now - call.asked
        // A forecast estimates future transit times from past ones.
        if waited > rules.longestWait + .seconds(2) { waitedTooLong += 1 }
        schedule(.arrival(ticket: ticket), in: fraction(of: way.to))
    }

    private mutating func answer(_ ticket: Int, _ isIn: Bool) {
        guard let call = calls[ticket] else { return }
        if isIn {
            if call.left == nil { scheduler.answered(ticket, operation: operation, at: now) }
            teams[call.team].served += 1
            wasTold.remove(call.team)
            return end(ticket, again: .zero)
        }
        let said = notice(upstreams[call.credential]?.quota ?? .documented)
        let verdict: (verdict: OperationLine.Verdict, resolutions: [OperationLine.Resolution])
        if let left = call.left {
            let request = OperationLine.Request(ticket: ticket, caller: teams[call.team].name, credentials: credentials)
            if let place = departures[call.credential]?.lastIndex(where: { $0.time == left }) { departures[call.credential]?.remove(at: place) }
            verdict = scheduler.throttled(
                unpaced: FlowScheduler.UnpacedCall(request: request, credential: call.credential, departure: left), operation: operation,
                notice: said, at: now)
            calls[ticket]?.left = nil
            if !isPaced {
                isPaced = true
                for (name, left) in departures { tell(scheduler.remember(left, credential: name, operation: operation, at: now)) }
            }
        } else {
            verdict = scheduler.throttled(ticket, operation: operation, notice: said, at: now)
        }
        tell([OperationLine.Resolution(ticket: ticket, verdict: verdict.verdict)] + verdict.resolutions)
    }

    private mutating func tell(_ resolutions: [OperationLine.Resolution]) {
        for item in resolutions {
            switch item.verdict {
            case .leave(let credential): leave(item.ticket, credential)
            case .wait: break
            case .refuse(let wait): refuse(item.ticket, wait)
            }
        }
    }

    private mutating func refuse(_ ticket: Int, _ wait: Duration) {
        guard let call = calls[ticket] else { return }
        teams[call.team].refused += 1
        if case .patient = teams[call.team].behaviour {
            if wasTold.contains(call.team) { secondRefusals += 1 }
            wasTold.insert(call.team)
            return end(ticket, again: wait + fraction(of: way.to))
        }
        end(ticket, again: .seconds(1))
    }

    private mutating func end(_ ticket: Int, again wait: Duration) {
        guard let call = calls.removeValue(forKey: ticket) else { return }
        if case .random = teams[call.team].behaviour { return }
        schedule(.ask(team: call.team), in: wait + .milliseconds(1))
    }

    // MARK: - Random numbers and events

    private mutating func fraction(of duration: Duration) -> Duration {
        duration * (Double(random.next() >> 11) / 9_007_199_254_740_992)
    }

    /// A number from the exponential distribution of mean 1, by von Neumann's method: exact, with comparisons only.
    private mutating func exponential() -> Double {
        var whole = 0.0
        while true {
            let first = unit()
            var last = first
            var count = 1
            while true {
                let next = unit()
                if next >= last { break }
                last = next
                count += 1
            }
            if count % 2 == 1 { return whole + first }
            whole += 1
        }
    }

    private mutating func unit() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }

    private mutating func schedule(_ event: Event, in wait: Duration) { schedule(event, at: now + wait) }

    private mutating func schedule(_ event: Event, at time: Duration) {
        if case .wake = event, events.contains(where: { if case .wake = $0.event { $0.time <= time } else { false } }) { return }
        order += 1
        let place = events.firstIndex { ($0.time, $0.order) < (time, order) } ?? events.endIndex
        events.insert((time, order, event), at: place)
    }

    /// The earliest event; the list is ordered latest first.
    private mutating func pop() -> (time: Duration, order: Int, event: Event)? { events.popLast() }
}
