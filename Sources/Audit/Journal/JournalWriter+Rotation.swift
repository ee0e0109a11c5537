internal import Synchronization

/// Begins a new segment when the current one is full or old.
///
/// 1. No line is written to a segment before all earlier segments are durable. So a power cut can only damage the last one, and a gap between two
///    segments is never a torn write but was made from outside.
extension JournalWriter {
    /// Whether a new segment is due.
    func isRotationDue(_ segment: Segment) -> Bool {
        let configuration = core.configuration
        guard segment.durableLength > 0 else { return false }
        return segment.length >= configuration.rotateSize || configuration.now().since(segment.openedAt) >= configuration.rotateAge
    }

    /// Starts a new segment. Called right after a batch, so that the sync under the outlet lock is short; appending continues meanwhile, only `write`
    /// waits.
    mutating func rotate() throws(JournalError) {
        let (old, new) = try core.outlet.withLock { [core, directory] outlet throws(JournalError) -> (Segment, Segment?) in
            try outlet.drain(core)
            outlet.exchange(&flight)
            try sync(outlet.segment)
            outlet.segment.markDurable(outlet.segment.length)
            let old = outlet.segment
            // If no new segment can be created, the old one is still used, and the next batch tries again.
            guard let new = try? Segment(creating: outlet.written, in: directory, at: core.configuration.now()) else { return (old, nil) }
            guard directory.sync() == 0 else {
                new.close()
                _ = directory.remove(new.name.text)
                return (old, nil)
            }
            outlet.segment = new
            return (old, new)
        }
        core.land(flight, length: 0)
        core.report(.durable(upTo: SequenceNumber(flight.end)))
        absorb()
        guard let new else { return }
        old.close()
        core.watcher.withLock { $0 }?.treeDidRotate(at: tree.head)
        let refused = core.intake.withLock { intake in
            defer { intake.refusalBytes = 0 }
            return intake.refusalBytes
        }
        core.refusals.withLock { $0.close(old.name, refusals: refused, length: old.length, in: directory) }
        FrontierCache(tree: tree, segment: new.name, offset: 0, oldestOpen: open.oldest).store(in: directory)
        core.append(
            event: "rotation",
            [
                "closed": .string(old.name.text), "opened": .string(new.name.text), "tree_size": .integer(Int64(tree.size)),
                "root": .string(tree.root.description), "frontier": .list(tree.frontier.map { .string($0.description) }),
            ])
    }
}
