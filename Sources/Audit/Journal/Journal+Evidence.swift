internal import Synchronization

/// What the makers of evidence and the watchers of the disk need of a journal.
extension Journal {
    /// The directory as configured.
    package var directory: String { core.configuration.directory }

    /// How much room the disk has.
    package var space: Journal.Space { core.space.withLock { $0.level } }

    /// The free part of the disk, from 0 to 1; nothing before it was first asked.
    package var freeSpace: Double? { core.space.withLock { $0.free } }

    /// What of the durable records was destroyed while this process ran, one sentence; nothing when nothing was, or an operator has taken note.
    package var damage: String? { core.damage.withLock { $0 } }

    /// An operator has taken note of the damage.
    package func acknowledgeDamage() {
        core.damage.withLock { $0 = nil }
    }

    /// Whether refusals get records of their own: not while they fill their share of the disk (`JournalConfiguration.refusalShare`).
    package var takesRefusals: Bool { core.takesRefusals.load(ordering: .relaxed) }

    /// Looks how full the disk is, for times when nothing is written.
    func checkSpace() { core.checkSpace() }

    /// Has the watcher told of every growth of the tree from now on.
    func watch(_ watcher: some TreeWatcher) {
        core.watcher.withLock { $0 = watcher }
    }

    /// Appends an event of the journal's own, which is never refused, and wakes the writer; durable within `syncInterval`.
    @discardableResult
    func note(event: String, _ detail: FieldObject) -> SequenceNumber? {
        let sequence = core.append(event: event, detail)
        if core.intake.withLock({ $0.wakeForRecord() }) { core.doorbell.ring() }
        return sequence
    }
}
