internal import Synchronization

/// The interface for evidence and for checks of the disk.
extension Journal {
    /// The directory as configured.
    package var directory: String { core.configuration.directory }

    /// How much room the disk has.
    package var space: Journal.Space { core.space.withLock { $0.level } }

    /// The free part of the disk, from 0 to 1; nil before the first measurement.
    package var freeSpace: Double? { core.space.withLock { $0.free } }

    /// A sentence about durable records that were destroyed while this process ran; nil if none were, or if an operator has acknowledged it.
    package var damage: String? { core.damage.withLock { $0 } }

    /// An operator has acknowledged the damage.
    package func acknowledgeDamage() {
        core.damage.withLock { $0 = nil }
    }

    /// Whether refusals get records of their own: not while they use up their share of the disk (`JournalConfiguration.refusalShare`).
    package var takesRefusals: Bool { core.takesRefusals.load(ordering: .relaxed) }

    /// Measures the free space, for times when nothing is written.
    func checkSpace() { core.checkSpace() }

    /// Calls the watcher for every growth of the tree from now on.
    func watch(_ watcher: some TreeWatcher) {
        core.watcher.withLock { $0 = watcher }
    }

    /// Appends an event of the journal itself, which is never refused, and wakes the writer; durable within `syncInterval`.
    @discardableResult
    func note(event: String, _ detail: FieldObject) -> SequenceNumber? {
        let sequence = core.append(event: event, detail)
        if core.intake.withLock({ $0.wakeForRecord() }) { core.doorbell.ring() }
        return sequence
    }
}
