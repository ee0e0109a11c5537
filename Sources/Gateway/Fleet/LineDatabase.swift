import Fleet

/// What shared lines ask the fleet's database, and what this gateway knows about the database.
protocol LineDatabase: Sendable {
    /// Its clock now, microseconds since 1970; nil before its first answer.
    var time: Int64? { get }
    /// How many events there were, such as a failover, by which it may have lost data of the last minutes.
    var upheavals: UInt64 { get }
    /// When the last one happened, by this machine's uptime.
    var lastUpheaval: Duration? { get }
    /// When it was unreachable.
    var absences: AbsenceLog { get }
    /// The most gateways that may decide alone while it is unreachable; nil before it has answered for the first time.
    var mostMembers: Int? { get }
    /// Whether this gateway may use its part of a written pace without asking.
    var isCountedByOthers: Bool { get }

    func put(
        _ line: String, over version: Int64, _ state: [UInt8], at time: Int64, isPaced: Bool, then: @escaping FleetMember.Answer<LineState.Answer>)
    func line(_ name: String, since version: Int64, then: @escaping FleetMember.Answer<LineState.Stored>)
    /// Notes whether this program can read a line's state: a newer version may have stored it.
    func line(_ name: String, isReadable: Bool)
    /// Calls the listener with the names of the paced lines, at each heartbeat.
    func whenPaced(_ listener: @escaping @Sendable ([String]) -> Void)
    /// Calls the listener with the text of every notification.
    func whenNotified(_ listener: @escaping @Sendable (String) -> Void)
}

extension FleetMember: LineDatabase {
    func whenNotified(_ listener: @escaping @Sendable (String) -> Void) { wakes.listen(listener) }
}

/// What several gateways need to share the queues before HSS's quota.
struct SharedQueues: Sendable {
    let database: any LineDatabase
    /// How operations with a pace go on while it is away.
    let paced: SharedState.Terms.Paced
    /// Whether an operator has ordered that each gateway decides for itself.
    let isLocal: @Sendable () -> Bool
}
