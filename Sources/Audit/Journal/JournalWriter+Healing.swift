internal import Synchronization

/// Recovers the journal when the disk works again, without a restart.
///
/// 1. The abandoned segment is never written or synced again. Its durable lines stay; every other line is still in memory.
/// 2. The new segment begins with the first line that is not durable. Lines of earlier segments at or past a later segment's first number are
///    superseded: readers drop them.
/// 3. A segment that begins at or past that line contains nothing durable and is removed first, so that rule 2 doesn't select it.
extension JournalWriter {
    /// Tries until the journal can be written, or is closed.
    mutating func healOrStop() {
        var delay = core.configuration.healDelay
        while let error = heal() {
            let (next, stop) = core.intake.withLock { ($0.next, $0.stopRequested) }
            core.report(.failed(upTo: SequenceNumber(next), reason: error))
            if stop { return }
            core.doorbell.wait(delay)
            delay = min(delay * 2, core.configuration.healDelayLimit)
        }
    }

    /// One attempt; returns the error if it failed.
    mutating func heal() -> JournalError? {
        guard let reason = core.outlet.withLock({ $0.failure }) else { return nil }
        let old = core.outlet.withLock { $0.segment }
        do throws(JournalError) {
            try followDirectory()
            try removeVolatileSegments(old)
            let damage = assess(old, reason)
            let new = try startOver()
            if !damage.isForeign { old.cutToDurable() }
            conclude(old, new, reason, damage)
            return nil
        } catch {
            core.intake.withLock { $0.counters.writeErrors += 1 }
            return error
        }
    }

    private mutating func followDirectory() throws(JournalError) {
        let current = try directory.current()
        if !current.isSame(as: directory) {
            directory.close()
            directory = current
        }
    }

    private func removeVolatileSegments(_ old: Segment) throws(JournalError) {
        let durable = core.durable.load(ordering: .acquiring)
        for name in try directory.segments() where name.first >= durable {
            // The journal's own segments are removed. A foreign file is evidence: it is renamed.
            let ours = name == old.name && old.standing(in: directory) == .own
            let empty = directory.length(of: name.text) == 0
            guard ours || empty ? directory.remove(name.text) : directory.rename(name.text, to: SegmentName.displacedPrefix + name.text) else {
                throw .cannotOpen(segment: name.text, code: 0)
            }
        }
    }

    /// What happened to the abandoned segment's durable lines.
    private struct Damage {
        var isForeign = false
        var restored = false
        var lost: Range<UInt64>?
    }

    private func assess(_ old: Segment, _ reason: JournalError) -> Damage {
        var damage = Damage()
        let durable = core.durable.load(ordering: .acquiring)
        guard old.durableLength > 0 else { return damage }
        switch old.standing(in: directory) {
        case .own:
            guard case .segmentChanged(_, .truncated) = reason else { return damage }
            let kept = old.keepWholeLines()
            if kept < durable { damage.lost = kept..<durable }
        case .foreign, .missing:
            damage.isForeign = true
            if old.standing(in: directory) == .foreign { _ = directory.rename(old.name.text, to: SegmentName.displacedPrefix + old.name.text) }
            damage.restored = old.restore(in: directory)
            if !damage.restored { damage.lost = old.name.first..<durable }
        }
        return damage
    }

    /// Writes every line that is not durable to a new segment, and syncs it.
    private mutating func startOver() throws(JournalError) -> Segment {
        let first = core.durable.load(ordering: .acquiring)
        core.outlet.withLock { $0.exchange(&flight) }
        do throws(JournalError) {
            var new = try Segment(creating: first, in: directory, at: core.configuration.now())
            do throws(JournalError) {
                let code = flight.withUnsafeBytes { new.write($0) }
                if code != 0 { throw .writeFailed(segment: new.name.text, code: code) }
                let failure = new.sync()
                if failure != 0 { throw .syncFailed(segment: new.name.text, code: failure) }
                let unnamed = directory.sync()
                if unnamed != 0 { throw .syncFailed(segment: new.name.text, code: unnamed) }
            } catch {
                new.close()
                // Frees the space at once; if it cannot be removed now, the next attempt does it.
                _ = directory.remove(new.name.text)
                throw error
            }
            new.markDurable(new.length)
            core.intake.withLock { $0.counters.syncs += 1 }
            return new
        } catch {
            core.outlet.withLock { $0.putBack(&flight) }
            throw error
        }
    }

    private mutating func conclude(_ old: Segment, _ new: Segment, _ reason: JournalError, _ damage: Damage) {
        core.outlet.withLock { outlet in
            outlet.segment = new
            outlet.failure = nil
        }
        old.close()
        var detail = reason.detail
        detail.add("abandoned", .string(old.name.text))
        detail.add("continued_in", .string(new.name.text))
        detail.add("rewritten", .integer(Int64(flight.records)))
        if damage.isForeign { detail.add("restored", .boolean(damage.restored)) }
        if let lost = damage.lost {
            detail.add("lost_from", .integer(Int64(lost.lowerBound)))
            detail.add("lost_to", .integer(Int64(lost.upperBound) - 1))
            core.noteDamage("durable records \(lost.lowerBound) to \(lost.upperBound - 1) were destroyed in \(old.name.text)")
        }
        core.append(event: "journal_healed", detail)
        core.land(flight, length: new.length)
        core.recover()
        core.report(.durable(upTo: SequenceNumber(flight.end)))
        absorb()
        let refused = core.intake.withLock { $0.refusalBytes }
        core.refusals.withLock { $0.stop(refusals: refused, in: directory) }
        FrontierCache(tree: tree, segment: new.name, offset: new.length, oldestOpen: open.oldest).store(in: directory)
    }
}
