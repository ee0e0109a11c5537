import NIOCore
import NIOEmbedded
import Policy

@testable import Gateway

/// Gateways whose queues share one line, and callers who always wait, in the time of one event loop.
final class SharedQueueWorld {
    enum Outcome: Hashable {
        case left
        /// 429: the turn comes later than it may.
        case refused
        /// 503: it can't be known whose turn it is.
        case unknown
    }

    struct Request {
        let began: Duration
        let ended: Duration
        let gateway: Int
        let outcome: Outcome
    }

    let loop = EmbeddedEventLoop()
    let row = SharedRow()
    let rules: FlowRules
    fileprivate let queues: [FlowControl]
    fileprivate let paced: SharedState.Terms.Paced
    fileprivate(set) var requests: [Request] = []
    fileprivate(set) var departures: [Duration] = []
    /// Requests that wait, and since when.
    fileprivate(set) var waiting: [Int: Duration] = [:]
    /// Any.
    fileprivate let operation = 0

    init(rules: FlowRules, gateways count: Int, callers: Int, paced: SharedState.Terms.Paced = .part) {
        self.rules = rules
        self.paced = paced
        let (loop, row) = (loop, row)
        let databases = (0..<count).map { LineDatabaseInMemory(row, on: loop, members: count, seed: UInt64($0)) }
        queues = databases.map { database in
            database.tell(databases.filter { $0 !== database })
            return FlowControl(
                rules: rules, shared: SharedQueues(database: database, paced: paced, isLocal: { false }), loop: loop,
                clock: { .nanoseconds(Int64(loop.now.uptimeNanoseconds)) })
        }
        for caller in 0..<callers { ask(caller, in: .milliseconds(Int64(3 * caller))) }
    }

    var now: Duration { .nanoseconds(Int64(loop.now.uptimeNanoseconds)) }

    func run(for span: Duration) { loop.advanceTime(by: TimeAmount(span)) }

    fileprivate func ask(_ caller: Int, in wait: TimeAmount) {
        // Only this loop touches the world.
        let world = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: wait) { FakeExchange(world.value, caller).begin() }
    }

    fileprivate func note(_ outcome: Outcome, of exchange: FakeExchange, again: TimeAmount) {
        waiting[exchange.request.ticket] = nil
        requests.append(Request(began: exchange.began, ended: now, gateway: exchange.gateway, outcome: outcome))
        if outcome == .left { departures.append(now) }
        ask(exchange.caller, in: again)
    }

    /// How long anybody has waited at most, who waits still included.
    var longestWait: Duration {
        max(requests.map { $0.ended - $0.began }.max() ?? .zero, waiting.values.map { now - $0 }.max() ?? .zero)
    }

    /// The longest time in which no call left.
    var longestPause: Duration {
        let times = departures.sorted() + [now]
        return zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? now
    }

    /// The most calls that left within one span.
    func most(within span: Duration) -> Int {
        let times = departures.sorted()
        return times.indices.map { first in times[first...].prefix { $0 < times[first] + span }.count }.max() ?? 0
    }
}

/// What an exchange does while it waits for its turn (`Exchange/Departure.swift`).
final class FakeExchange: Waiter {
    fileprivate let caller: Int
    fileprivate let gateway: Int
    fileprivate let began: Duration
    fileprivate let request: OperationLine.Request
    private let world: SharedQueueWorld
    private var queue: FlowControl { world.queues[gateway] }
    private var bound: NIOLoopBound<any Waiter> { NIOLoopBound(self, eventLoop: world.loop) }

    fileprivate init(_ world: SharedQueueWorld, _ caller: Int) {
        self.world = world
        self.caller = caller
        gateway = caller % world.queues.count
        began = world.now
        request = OperationLine.Request(
            ticket: world.queues[gateway].nextTicket(), caller: "c\(caller % 2)", credentials: ["keys"], owner: world.queues[gateway].owner)
    }

    fileprivate func begin() {
        world.waiting[request.ticket] = began
        follow(queue.arrive(request, since: began, operation: world.operation, waiter: bound))
    }

    private func follow(_ verdict: OperationLine.Verdict?) {
        switch verdict {
        case .wait: break
        case .leave: leave()
        case .refuse(let wait): world.note(.refused, of: self, again: TimeAmount(wait))
        case nil: world.note(.refused, of: self, again: .seconds(1))
        }
    }

    private func leave() {
        // Only this loop touches the queue.
        let (queue, ticket, operation, loop) = (queue, request.ticket, world.operation, world.loop)
        loop.scheduleTask(in: .milliseconds(3)) { queue.answered(ticket, operation: operation, on: loop) }
        world.note(.left, of: self, again: .milliseconds(4))
    }

    func wake(_ reason: Wake) {
        switch reason {
        case .departure(let verdict, _): follow(verdict)
        case .departureIsUnknown(let request, let mayGoAlone):
            guard world.paced == .whole || mayGoAlone else { return world.note(.unknown, of: self, again: .seconds(1)) }
            follow(queue.arriveAlone(request, since: began, operation: world.operation, waiter: bound))
        default: break
        }
    }
}
