/// What a member knows of the others from its heartbeats: whether they count with it, and how many members share. It has no clock: times are passed
/// in, as this machine's uptime.
package struct Presence: Sendable {
    /// By then every other member has had a heartbeat since this one joined, and knows of it.
    static let isKnownAfter = Duration.seconds(5)
    /// After so long without a heartbeat, the others don't count it as a member.
    static let lapse = Duration.seconds(10)
    /// A gateway that was a member recently may still consider itself one.
    static let memory = Duration.seconds(600)
    /// More members than any fleet has; a row may name any number.
    static let most = 10_000

    private var joined: Duration?
    private var lastBeat: Duration?
    /// How many members there were at which time, each number larger than all later ones.
    private var sizes: [(time: Duration, members: Int)] = []

    package init() {}

    /// A heartbeat was answered.
    package mutating func beat(members: Int64, at now: Duration) {
        if joined == nil || lastBeat.map({ now - $0 > Self.memory }) == true { joined = now }
        lastBeat = now
        let members = min(max(1, Int(clamping: members)), Self.most)
        sizes.removeAll { now - $0.time > Self.memory || $0.members <= members }
        sizes.append((now, members))
    }

    /// Another process has this member's name.
    package mutating func isSuperseded() { self = Presence() }

    /// The most members that may decide alone now; nil before the first heartbeat.
    package var members: Int? { sizes.first?.members }

    /// Whether the others count with this member when it decides alone because the database has been unreachable since that moment.
    package func isCounted(whenAwaySince since: Duration) -> Bool {
        guard let joined, let lastBeat else { return false }
        return since - joined >= Self.isKnownAfter && since - lastBeat <= Self.lapse
    }
}
