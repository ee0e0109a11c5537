internal import Synchronization

/// How much room the journal's disk has.
package enum DiskSpace: String, Sendable, Hashable {
    case ample
    /// Less than `JournalConfiguration.lowSpace` is free: somebody should look.
    case low
    /// Less than `JournalConfiguration.criticalSpace` is free: no request is taken that must be recorded before it leaves, so that
    /// what is under way still finds room for its end.
    case critical
}

/// What was last seen of the disk's free space.
struct SpaceWatch: Sendable {
    /// The disk is asked at most this often.
    static let spacing: Duration = .seconds(1)

    var level = DiskSpace.ample
    /// The free part of the disk, from 0 to 1; nothing when it can't be asked.
    var free: Double?
    var next = ContinuousClock.now
}

extension JournalCore {
    /// Looks how full the disk is, if it is time to, and tells of a change in an event.
    func checkSpace() {
        let isDue = space.withLock { watch in
            guard ContinuousClock.now >= watch.next else { return false }
            watch.next = .now + SpaceWatch.spacing
            return true
        }
        guard isDue, let free = configuration.freeSpace(configuration.directory) else { return }
        let level: DiskSpace = free < configuration.criticalSpace ? .critical : free < configuration.lowSpace ? .low : .ample
        let before = space.withLock { watch in
            defer { (watch.level, watch.free) = (level, free) }
            return watch.level
        }
        guard level != before else { return }
        intake.withLock { $0.spaceFreePerMille = level == .critical ? Int(free * 1_000) : nil }
        append(
            event: level == .ample ? "disk_space_ample" : level == .low ? "disk_space_low" : "disk_space_critical",
            ["free_per_mille": .integer(Int64(free * 1_000))])
    }
}
