import Policy

/// A fleet under constant load, in simulated time: statements, notifications and calls take time, so that gateways conflict with each other.
struct SharedLineRace {
    private struct Gateway {
        var copy: LineCopy
        var changes: [LineCopy.Change] = []
        /// The changes in the state that is being stored.
        var sent: [LineCopy.Change] = []
        var attempt: LineCopy.Attempt?
        var waiting: Set<Int> = []
        var alarm: Duration?
    }

    private enum Event {
        case ask(caller: Int)
        case execute(Int)
        case hear(Int, version: Int64, isStored: Bool, state: [UInt8]?)
        case look(Int, isAlarm: Bool)
        case arrival(ticket: Int)
        case answer(ticket: Int)
    }

    private let rules: FlowRules
    /// The longest transit of a statement to the database, or of its answer, in microseconds.
    private let way: Int64
    private var now = Duration.zero
    private var row: (version: Int64, state: [UInt8]?) = (0, nil)
    private var gateways: [Gateway]
    private var callers: [Int: Int] = [:]
    private var events: [(time: Duration, order: Int, event: Event)] = []
    private var order = 0
    private var random = SplitMix64(seed: 5)
    private(set) var arrivals: [Duration] = []
    private(set) var conflicts = 0

    init(quota: Quota, gateways count: Int, callers: Int, way: Duration) {
        let rules = FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: .seconds(10))
        self.rules = rules
        self.way = Int64(way / .microseconds(1))
        gateways = (0..<count).map { _ in Gateway(copy: LineCopy(machine: OperationLine(rules: rules))) }
        for caller in 0..<callers { schedule(.ask(caller: caller), after: .milliseconds(3 * caller)) }
    }

    mutating func run(until end: Duration) {
        while let next = events.popLast(), next.time <= end {
            now = next.time
            handle(next.event)
        }
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .ask(let caller): ask(caller)
        case .execute(let index):
            guard let attempt = gateways[index].attempt else { return }
            let isStored = row.version == attempt.version && now - attempt.now <= .milliseconds(50)
            if isStored {
                row = (row.version + 1, attempt.bytes)
                for other in gateways.indices where other != index { schedule(.look(other, isAlarm: false), after: someWay() + someWay()) }
            }
            schedule(.hear(index, version: row.version, isStored: isStored, state: row.state), after: someWay())
        case .hear(let index, let version, let isStored, let state): hear(index, version, isStored, state)
        case .look(let index, let isAlarm):
            if isAlarm { gateways[index].alarm = nil }
            guard gateways[index].attempt == nil, !gateways[index].waiting.isEmpty else { return }
            if row.version != gateways[index].copy.version { _ = gateways[index].copy.take(row.state, version: row.version, rules: rules) }
            goOn(index)
        case .arrival(let ticket):
            arrivals.append(now)
            schedule(.answer(ticket: ticket), after: .milliseconds(2))
        case .answer(let ticket):
            guard let caller = callers.removeValue(forKey: ticket) else { return }
            let came = now
            change(caller % gateways.count) { line, now in
                line.answered(ticket, at: min(now, came))
                return []
            }
            schedule(.ask(caller: caller), after: .milliseconds(1))
        }
    }

    private mutating func ask(_ caller: Int) {
        order += 1
        callers[order] = caller
        gateways[caller % gateways.count].waiting.insert(order)
        arrive(order, caller % gateways.count, caller)
    }

    private mutating func arrive(_ ticket: Int, _ index: Int, _ caller: Int) {
        let request = OperationLine.Request(ticket: ticket, caller: "c\(caller % 2)", credentials: ["keys"], owner: Int64(index + 1))
        change(index) { line, now in
            [OperationLine.Resolution(ticket: ticket, verdict: line.arrive(request, at: now, hasRoom: true) ?? .wait)]
        }
    }

    private mutating func change(_ index: Int, _ change: @escaping LineCopy.Change) {
        gateways[index].changes.append(change)
        if gateways[index].attempt == nil { store(index) }
    }

    private mutating func store(_ index: Int) {
        gateways[index].sent += gateways[index].changes
        gateways[index].changes = []
        let attempt = gateways[index].copy.attempt(
            gateways[index].sent, rules: rules, owner: Int64(index + 1), at: now, absence: .init(span: .zero, returning: .zero), horizon: .seconds(10)
        )
        precondition(gateways[index].copy.begin(attempt), "nobody leaves by a kept turn here")
        gateways[index].attempt = attempt
        schedule(.execute(index), after: someWay())
    }

    private mutating func hear(_ index: Int, _ version: Int64, _ isStored: Bool, _ state: [UInt8]?) {
        guard let attempt = gateways[index].attempt else { return }
        gateways[index].attempt = nil
        guard isStored else {
            conflicts += 1
            gateways[index].copy.refused()
            _ = gateways[index].copy.take(state, version: version, rules: rules)
            return store(index)
        }
        gateways[index].copy.stored(attempt, version: version)
        gateways[index].sent = []
        for item in attempt.resolutions {
            switch item.verdict {
            case .wait: break
            case .leave: leave(item.ticket, index, at: attempt.machine.departure(of: item.ticket) ?? attempt.now)
            case .refuse:
                gateways[index].waiting.remove(item.ticket)
                if let caller = callers.removeValue(forKey: item.ticket) { schedule(.ask(caller: caller), after: .seconds(1)) }
            }
        }
        if gateways[index].attempt == nil { if gateways[index].changes.isEmpty { goOn(index) } else { store(index) } }
    }

    private mutating func leave(_ ticket: Int, _ index: Int, at time: Duration) {
        guard gateways[index].waiting.contains(ticket), let caller = callers[ticket] else { return }
        if now - time > gateways[index].copy.machine.lifeOfTurn(with: "keys") {
            let request = OperationLine.Request(ticket: ticket, caller: "c\(caller % 2)", credentials: ["keys"], owner: Int64(index + 1))
            return change(index) { line, now in
                [OperationLine.Resolution(ticket: ticket, verdict: line.missed(request, since: now, at: now) ?? .wait)]
            }
        }
        gateways[index].waiting.remove(ticket)
        schedule(.arrival(ticket: ticket), after: max(.zero, time - now) + .microseconds(Int64(random.next() % 4_000)))
    }

    /// Changes the line if a turn can be taken now, otherwise when the next one can.
    private mutating func goOn(_ index: Int) {
        guard let moment = gateways[index].copy.machine.nextMoment(after: now, for: Int64(index + 1)) else { return }
        if moment <= now + .milliseconds(2) { return store(index) }
        let alarm = min(moment, now + .seconds(1))
        guard gateways[index].alarm.map({ alarm < $0 }) ?? true else { return }
        gateways[index].alarm = alarm
        schedule(.look(index, isAlarm: true), after: alarm - now)
    }

    private mutating func someWay() -> Duration { .microseconds(way / 3 + Int64(random.next() % UInt64(way * 2 / 3))) }

    private mutating func schedule(_ event: Event, after wait: Duration) {
        order += 1
        let time = now + wait
        let place = events.firstIndex { ($0.time, $0.order) < (time, order) } ?? events.endIndex
        events.insert((time, order, event), at: place)
    }
}
