package import Audit
import PostgreSQL
import Synchronization

/// This gateway as a member of its fleet: its connections, its epoch, and what it knows of the other members.
///
/// 1. No caller blocks: answers come by callbacks, on one of the member's threads.
/// 2. Heartbeats have their own connection and thread, so that a member that waits for an answer is not considered gone.
/// 3. What can't be reported to the database now is reported later from the journal (`JournalPush`).
package final class FleetMember: Sendable {
    /// Where decisions are made that all gateways have to agree on.
    package enum Mode: String, Sendable, Hashable {
        /// The database.
        case shared
        /// Each gateway decides alone, because an operator ordered it.
        case local
    }

    /// What a member reports to its operator.
    package enum Event: Sendable, Hashable {
        case joined(epoch: Int64)
        case away(FleetFault)
        case back
        case superseded
        /// The journal was reported to the database: so many exports were missing there.
        case pushed(missing: Int64)
        case failedOver(timeline: String)
        /// Members have had different configurations for longer than allowed: how many.
        case drift(configurations: Int64)
        case mode(Mode, reason: String)
        case resolved(id: String, task: String?, reason: String)
    }

    /// The settings of a member.
    package struct Configuration: Sendable {
        /// Part of the schema's name: one database can have several fleets.
        package var name: String
        package var instance: String
        package var connections: Int
        /// How long a statement may take, its wait for a connection included.
        package var patience: Duration
        package var version: String
        /// The digest of the settings that all members' configurations must have in common.
        package var configuration: @Sendable () -> String
        /// Reads the connection URL; called for each connection.
        package var url: @Sendable () throws(FleetFault) -> String
        /// The directory of this gateway's journal, and how far it is durable.
        package var journal: String
        package var durable: @Sendable () -> SequenceNumber
        /// Says which records are too old to matter.
        package var now: @Sendable () -> Timestamp = { Timestamp.now() }
        /// How long members may have different configurations before that is reported as an event.
        package var driftGrace = Duration.seconds(600)
        /// Called with each statement's duration and fault.
        package var observe: @Sendable (String, Duration, FleetFault?) -> Void = { _, _, _ in }
        /// Called when something changed that belongs into the log.
        package var tell: @Sendable (Event) -> Void = { _ in }

        package init(
            name: String, instance: String, connections: Int, patience: Duration, version: String, journal: String,
            configuration: @escaping @Sendable () -> String, durable: @escaping @Sendable () -> SequenceNumber,
            url: @escaping @Sendable () throws(FleetFault) -> String
        ) {
            self.name = name
            self.instance = instance
            self.connections = connections
            self.patience = patience
            self.version = version
            self.journal = journal
            self.configuration = configuration
            self.durable = durable
            self.url = url
        }
    }

    struct State {
        var epoch: Int64?
        var isSuperseded = false
        var beat: BeatAnswer?
        var clock = DatabaseClock()
        var mode = Mode.shared
        /// When local mode ends by itself.
        var localUntil: Duration?
        /// Something could not be reported, so the journal has to be reported again.
        var mustPush = true {
            didSet { if mustPush { owesSince = owesSince ?? Uptime.now } }
        }
        var isPushing = false
        /// Since when the database has lacked something.
        var owesSince: Duration? = Uptime.now
        var fenced: UInt64 = 0
        var failovers: UInt64 = 0
        var failedOver: Duration?
        var presence = Presence()
        /// Lines whose state this program can't read.
        var unreadableLines: Set<String> = []
        /// Since when members have had different configurations, and whether that was reported.
        var driftSince: Duration?
        var isDriftTold = false
        /// The schema's version; 0 before it is known.
        var schema: Int64 = 0
        /// When this member deleted last what has expired, or tried to.
        var retained: Duration?
    }

    package let configuration: Configuration
    let pool: StatementPool
    let state = Mutex(State())
    package let wakes = Wakes()
    package let known = KnownOwners()
    package let revoked = RevokedKeys()
    let pacedListeners = Mutex<[@Sendable ([String]) -> Void]>([])
    let slotListeners = Mutex<[@Sendable ([String: Int]) -> Void]>([])
    private let stopBell = WakeBell()
    private let thread = Mutex<BlockingThread?>(nil)

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        pool = StatementPool(
            schema: FleetSchema.name(of: configuration.name), patience: configuration.patience, stop: stopBell, url: configuration.url,
            observe: configuration.observe)
    }

    /// Starts its threads; false when the system can't create them.
    package func start() -> Bool {
        let beats = BlockingThread { [self] in Heartbeat(member: self, stop: stopBell).run() }
        thread.withLock { $0 = beats }
        return pool.start(connections: configuration.connections) && beats != nil
    }

    /// Leaves the fleet and ends the threads. Blocks until they have ended; what still waits for an answer gets a fault.
    package func stop() {
        stopBell.ring()
        pool.join()
        thread.withLock { $0.take() }?.join()
    }

    // MARK: - Asking

    /// Sends a statement; the answer comes on another thread.
    func ask<Answer>(
        _ statement: Statement<Answer>, patience: Duration? = nil, then: @escaping @Sendable (Result<Answer, FleetFault>) -> Void
    ) {
        let sql = statement.sql(in: pool.schema)
        let texts = statement.arguments.map(\.text)
        let attempt: @Sendable (Session, Duration) throws(FleetFault) -> Void = { [self] session, deadline throws(FleetFault) in
            let sent = Uptime.now
            let rows = try session.run(sql, texts, by: deadline)
            learn(rows, sent: sent)
            then(.success(try statement.decode(rows)))
        }
        pool.submit(
            StatementPool.Job(
                name: statement.name, deadline: Uptime.now + (patience ?? configuration.patience), attempt: attempt, fail: { then(.failure($0)) }))
    }

    /// The last column of an answer is the server's clock.
    func learn(_ rows: [Row], sent: Duration) {
        guard let row = rows.last, let clock = row.integer(row.count - 1), DatabaseClock.range.contains(clock) else { return }
        state.withLock { $0.clock.observe(clock, sent: sent, received: Uptime.now) }
    }

    /// The name under which changes are made, or the reason why there is none.
    func signature() throws(FleetFault) -> MemberName {
        let epoch = state.withLock { $0.isSuperseded ? nil : $0.epoch }
        if let epoch { return MemberName(instance: configuration.instance, epoch: epoch) }
        if state.withLock({ $0.isSuperseded }) { throw .fenced }
        throw pool.absence?.fault ?? .unavailable("the member has not joined the fleet yet")
    }

    /// The server's clock now, microseconds since 1970; nil before its first answer.
    package var time: Int64? { state.withLock { $0.clock.time(at: Uptime.now) } }

    /// How often the database's knowledge of the last minutes may have become incomplete: its clock jumped, or another server took over.
    package var upheavals: UInt64 { state.withLock { $0.clock.leaps + $0.failovers } }

    /// When that happened last, by this machine's uptime.
    package var lastUpheaval: Duration? { state.withLock { [$0.clock.leapt, $0.failedOver].compactMap { $0 }.max() } }

    /// When the database was unreachable last.
    package var absences: AbsenceLog { pool.absences }

    /// The most members that may decide alone while it is unreachable; nil before the first heartbeat.
    package var mostMembers: Int? { state.withLock { $0.presence.members } }

    /// Whether this member may use its part of what is shared without asking: the database is unreachable, and the other members
    /// count with this one.
    package var isCountedByOthers: Bool {
        guard let since = pool.absence?.since else { return false }
        return state.withLock { !$0.isSuperseded && $0.presence.isCounted(whenAwaySince: since) }
    }

    /// A change was refused because the epoch has ended; the next heartbeat finds out why.
    func wasFenced() {
        state.withLock { $0.fenced += 1 }
    }

    /// A line's state can't be read, or can be again.
    package func line(_ name: String, isReadable: Bool) {
        state.withLock { state in
            if isReadable { state.unreadableLines.remove(name) } else { state.unreadableLines.insert(name) }
        }
    }

    /// Something could not be reported to the database; it is reported again from the journal.
    package func mustSayAgain() {
        state.withLock { $0.mustPush = true }
    }
}
