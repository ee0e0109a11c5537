internal import Synchronization

extension Journal {
    /// How much room the journal's disk has.
    package enum Space: String, Sendable, Hashable {
        case ample
        /// Less than `JournalConfiguration.lowSpace` is free: an operator should act.
        case low
        /// Less than `JournalConfiguration.criticalSpace` is free: no request is accepted that must be recorded before it is sent, so that there is
        /// room for the closing records of requests under way.
        case critical
    }
}

/// The last measurement of the disk's free space.
struct SpaceWatch: Sendable {
    /// Minimum time between two measurements.
    static let spacing: Duration = .seconds(1)

    var level = Journal.Space.ample
    /// The free part of the disk, from 0 to 1; nil if it can't be measured.
    var free: Double?
    var next = ContinuousClock.now
}

extension JournalCore {
    /// Measures the free space, if a measurement is due, and records a change as an event.
    func checkSpace() {
        let isDue = space.withLock { watch in
            guard ContinuousClock.now >= watch.next else { return false }
            watch.next = .now + SpaceWatch.spacing
            return true
        }
        guard isDue else { return }
        defer { checkRefusals() }
        guard let free = configuration.freeSpace(configuration.directory) else { return }
        let level: Journal.Space = free < configuration.criticalSpace ? .critical : free < configuration.lowSpace ? .low : .ample
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

    /// Measures how much of the disk refusals use, and records a change as an event. On a disk that is nearly full, refusals get no records of their
    /// own either.
    private func checkRefusals() {
        guard let capacity = configuration.capacity(configuration.directory) else { return }
        let share = Int(clamping: Int64(min(max(Double(capacity) * configuration.refusalShare, 0), 0x1p62)))
        let isCritical = space.withLock { $0.level } == .critical
        let closed = refusals.withLock { $0.closedBytes(in: configuration.directory) }
        let (used, room) = intake.withLock { intake in
            let used = closed + intake.refusalBytes
            intake.refusalRoom = max(0, share - used)
            return (used, intake.refusalRoom)
        }
        takesRefusals.store(room > 0 && !isCritical, ordering: .relaxed)
        let wasTaking = refusals.withLock { refusals in
            defer { refusals.isTaking = room > 0 }
            return refusals.isTaking
        }
        guard wasTaking != (room > 0) else { return }
        append(
            event: room > 0 ? "refusals_disk_share_free" : "refusals_disk_share_used",
            ["bytes": .integer(Int64(used)), "share": .integer(Int64(share))])
    }
}
