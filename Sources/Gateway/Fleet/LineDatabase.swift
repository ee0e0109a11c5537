import Fleet

/// What shared lines ask the fleet's database, and what their gateway knows of it.
protocol LineDatabase: Sendable {
    /// Its clock now, microseconds since 1970; nil before its first answer.
    var time: Int64? { get }
    /// How often what it remembers of the last minutes may have become too little.
    var upheavals: UInt64 { get }
    /// When that happened last, by this machine's uptime.
    var lastUpheaval: Duration? { get }
    /// When it could not be asked last.
    var absences: AbsenceLog { get }
    /// The most gateways that may decide for themselves while it can't; nil before it was ever asked.
    var mostMembers: Int? { get }
    /// Whether this gateway may use its part of a written pace without asking.
    var isCountedByOthers: Bool { get }

    func put(
        _ line: String, over version: Int64, _ state: [UInt8], at time: Int64, isPaced: Bool, then: @escaping FleetMember.Answer<LineState.Answer>)
    func line(_ name: String, since version: Int64, then: @escaping FleetMember.Answer<LineState.Stored>)
    /// A line's state can't be read, or can be again.
    func line(_ name: String, isReadable: Bool)
    /// Hears which lines are held to a pace.
    func whenPaced(_ listener: @escaping @Sendable ([String]) -> Void)
    /// Hears every notification.
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
