import Audit
import Glibc
import Synchronization

/// Runs statements on a few connections, a thread for each, and calls back with the result. No caller blocks.
///
/// 1. Each statement has a deadline. If it is still in the queue then, it fails. When the queue is full, a new statement fails
///    at once.
/// 2. After a lost connection a statement is tried once more on a new one, within its deadline.
/// 3. When the database has been unreachable for longer than the patience, statements fail at once; only the heartbeat keeps
///    trying.
/// 4. All connections lead to where the heartbeat's leads, which alone follows a change of the URL: a statement that went to another database
///    than those before it would find nothing of what they did.
final class StatementPool: Sendable {
    /// The most statements that wait for a connection.
    static let mostWaiting = 1_000
    /// The longest attempt to connect.
    static let connectPatience = Duration.seconds(1)

    /// A statement with a caller that waits for its result.
    struct Job: Sendable {
        let name: String
        let deadline: Duration
        /// Runs the statement and passes its answer to the caller.
        let attempt: @Sendable (Session, Duration) throws(FleetFault) -> Void
        let fail: @Sendable (FleetFault) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var next = 0
        var isStopped = false
        /// Since when no statement has had an answer.
        var awaySince: Duration?
        var fault: FleetFault?
        var absences = AbsenceLog()
        /// Where the heartbeat's connection leads, a secret; nil before the first.
        var url: String?
    }

    let schema: String
    let stop: WakeBell
    private let bell = WakeBell(isSemaphore: true)
    private let patience: Duration
    private let url: @Sendable () throws(FleetFault) -> String
    /// Called for each attempt: the statement, how long it took, and whether it had an answer.
    private let observe: @Sendable (String, Duration, FleetFault?) -> Void
    private let state = Mutex(State())
    private let threads = Mutex<[BlockingThread]>([])

    init(
        schema: String, patience: Duration, stop: WakeBell, url: @escaping @Sendable () throws(FleetFault) -> String,
        observe: @escaping @Sendable (String, Duration, FleetFault?) -> Void
    ) {
        self.schema = schema
        self.patience = patience
        self.stop = stop
        self.url = url
        self.observe = observe
    }

    /// Starts the threads; false when the system can't create them.
    func start(connections: Int) -> Bool {
        let started = (0..<connections).compactMap { _ in BlockingThread { [self] in serve() } }
        threads.withLock { $0 = started }
        return started.count == connections
    }

    /// Ends the threads, after the stop bell rang. Blocks until they have.
    func join() {
        for thread in threads.withLock({ threads in
            defer { threads = [] }
            return threads
        }) { thread.join() }
    }

    // MARK: - Asking

    func submit(_ job: Job) {
        let fault: FleetFault? = state.withLock { state in
            if state.isStopped { return .unavailable("the gateway stops") }
            if let since = state.awaySince, Uptime.now - since > patience { return state.fault ?? .unavailable("the database is away") }
            guard state.jobs.count - state.next < Self.mostWaiting else { return .unavailable("too many statements wait for the database") }
            state.jobs.append(job)
            return nil
        }
        if let fault { return job.fail(fault) }
        bell.ring()
    }

    private func take() -> Job? {
        state.withLock { state in
            guard state.next < state.jobs.count else { return nil }
            let job = state.jobs[state.next]
            state.next += 1
            // Removes the storage of finished jobs: their callbacks retain requests.
            if state.next == state.jobs.count || state.next >= Self.mostWaiting {
                state.jobs.removeFirst(state.next)
                state.next = 0
            }
            return job
        }
    }

    // MARK: - State of the database

    /// Notes that a statement or a heartbeat had an answer, or had none.
    func note(_ fault: FleetFault?) {
        let now = Uptime.now
        state.withLock { state in
            state.fault = fault
            state.awaySince = fault == nil ? nil : state.awaySince ?? now
            state.absences.note(isAway: fault != nil, at: now)
        }
    }

    /// Since when the database has been unreachable, and why; nil while it answers.
    var absence: (since: Duration, fault: FleetFault)? {
        state.withLock { state in state.awaySince.flatMap { since in state.fault.map { (since, $0) } } }
    }

    /// When it was unreachable before.
    var absences: AbsenceLog { state.withLock { $0.absences } }

    // MARK: - The threads

    private func serve() {
        var session: Session?
        while sleep() {
            guard let job = take() else { continue }
            run(job, &session)
        }
        state.withLock { $0.isStopped = true }
        while let job = take() { job.fail(.unavailable("the gateway stops")) }
    }

    /// Waits for a job; false once the gateway stops.
    private func sleep() -> Bool {
        var requests = [
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&requests, 2, -1)
        guard requests[1].revents == 0 else { return false }
        bell.quiet()
        return true
    }

    private func run(_ job: Job, _ session: inout Session?) {
        var fault = FleetFault.unavailable("no connection was free in time")
        for _ in 0..<2 where Uptime.now < job.deadline {
            let begun = Uptime.now
            do throws(FleetFault) {
                let open: Session
                if let session, leads(session) { open = session } else { open = try connect(by: min(job.deadline, begun + Self.connectPatience)) }
                session = open
                try job.attempt(open, job.deadline)
                observe(job.name, Uptime.now - begun, nil)
                return note(nil)
            } catch {
                fault = error
                observe(job.name, Uptime.now - begun, error)
                guard error.isOfConnection else { break }
                session = nil
            }
        }
        if fault.isOfConnection { note(fault) } else { note(nil) }
        job.fail(fault)
    }

    func connect(by deadline: Duration) throws(FleetFault) -> Session {
        let known = state.withLock { $0.url }
        if let known { return try Session(url: known, schema: schema, stop: stop, by: deadline) }
        return try connectAnew(by: deadline)
    }

    private func leads(_ session: Session) -> Bool { state.withLock { $0.url.map { $0 == session.url } ?? true } }

    // MARK: - The heartbeat's connection

    /// Connects to where the URL leads now.
    func connectAnew(by deadline: Duration) throws(FleetFault) -> Session {
        try Session(url: try url(), schema: schema, stop: stop, by: deadline)
    }

    /// Whether the URL was changed since that session began.
    func hasMoved(since session: Session) -> Bool { (try? url()).map { $0 != session.url } ?? false }

    /// From now on all statements are sent to where this session leads.
    func follow(_ session: Session) { state.withLock { $0.url = session.url } }
}
