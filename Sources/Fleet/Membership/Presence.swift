/// What a member knows of its place among the others, by its beats: whether they count with it, and among how many they share. Pure: times come in,
/// of this machine's uptime.
package struct Presence: Sendable {
    /// By then every other member has beaten since this one joined, and knows it.
    static let isKnownAfter = Duration.seconds(5)
    /// Without a beat for so long, it is no member for the others.
    static let lapse = Duration.seconds(10)
    /// Whoever was a member lately may still count itself among them.
    static let memory = Duration.seconds(600)

    private var joined: Duration?
    private var lastBeat: Duration?
    /// How many were alive when, each more than all later ones.
    private var sizes: [(time: Duration, members: Int)] = []

    package init() {}

    /// A beat was answered.
    package mutating func beat(members: Int64, at now: Duration) {
        if joined == nil || lastBeat.map({ now - $0 > Self.memory }) == true { joined = now }
        lastBeat = now
        let members = max(1, Int(clamping: members))
        sizes.removeAll { now - $0.time > Self.memory || $0.members <= members }
        sizes.append((now, members))
    }

    /// Another process has this member's name.
    package mutating func isSuperseded() { self = Presence() }

    /// The most members that may decide for themselves now; nil before the first beat.
    package var members: Int? { sizes.first?.members }

    /// Whether the others count with this member when it decides alone, since the database can't be asked any more from that moment on.
    package func isCounted(whenAwaySince since: Duration) -> Bool {
        guard let joined, let lastBeat else { return false }
        return since - joined >= Self.isKnownAfter && since - lastBeat <= Self.lapse
    }
}
