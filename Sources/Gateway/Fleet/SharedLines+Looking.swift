import Fleet
import NIOCore
import Policy
import Synchronization

/// When a shared line is read, and what happens while the database is unreachable.
extension SharedLines {
    /// The changes can't be stored now.
    func giveUp(_ operation: Int, _ changes: [Change], _ fault: FleetFault, isUnreadable: Bool = false) {
        state.withLock { state in
            // Without an answer it is unknown whether it was stored.
            if fault.isOfConnection { state.lines[operation]?.copy.failed() } else { state.lines[operation]?.copy.refused() }
        }
        if fault.isOfConnection || fault == .fenced { wait(operation, with: changes) } else { abandon(operation, isUnreadable: isUnreadable) }
        setAlarm(operation)
    }

    /// The database is unreachable: the changes are queued for it, with those that come meanwhile. Requests that have waited for as long as they
    /// may go on without the fleet, and once the database has been unreachable for that time, nothing more is queued.
    func wait(_ operation: Int, with changes: [Change]) {
        let (now, absences) = (clock(), database.absences)
        let time = database.time.map { Duration.microseconds($0) } ?? .zero
        let impatient = state.withLock { state in
            guard var line = state.lines[operation] else { return [Waiting]() }
            // Other connections may have noticed it before a request came here.
            let since = line.awaySince ?? min(now, absences.until == nil ? absences.began ?? now : now)
            line.awaySince = since
            line.unsettledSince = min(line.unsettledSince ?? since, since)
            line.isBusy = false
            line.changes = now - since < state.grace ? Array((changes + line.changes).prefix(Self.mostChanges)) : []
            state.lines[operation] = line
            return state.takeImpatient(operation, at: now, keeping: line.copy.hopefulTurns(of: owner, at: time))
        }
        goAlone(impatient, mayGoAlone: mayGoAlone(operation))
        setKeptAlarm(operation)
    }

    /// A change that can't be stored now, because another is being stored or the database is unreachable: requests that have waited for
    /// long enough go on.
    func waitsForDatabase(_ operation: Int) {
        let isAway = state.withLock { state in
            guard let line = state.lines[operation], !line.isBusy, let since = line.awaySince else { return false }
            return clock() - since >= state.grace
        }
        if isAway { wait(operation, with: []) }
        setAlarm(operation)
    }

    /// The line can't be read by this program, or not be written by this role: requests that waited for the first answer are called back, the others
    /// read the line again.
    /// - Parameter isUnreadable: while two versions of the program run side by side, the older one continues with its part of the pace, whatever the
    ///   newer one does.
    private func abandon(_ operation: Int, isUnreadable: Bool) {
        let unheard = state.withLock { state in
            let unheard = state.waiters.filter { $0.value.operation == operation && !$0.value.waiter.isPlaced }
            for ticket in unheard.keys { state.waiters[ticket] = nil }
            state.lines[operation]?.isBusy = false
            state.lines[operation]?.changes = []
            return unheard.values.map(\.waiter)
        }
        goAlone(unheard, mayGoAlone: isUnreadable || mayGoAlone(operation))
    }

    func goAlone(_ waiting: [Waiting], mayGoAlone: Bool) {
        for waiter in waiting {
            waiter.waiter.eventLoop.execute { waiter.waiter.value.wake(.departureIsUnknown(waiter.request, mayGoAlone: mayGoAlone)) }
        }
    }

    // MARK: - Looking

    func wasNotified(_ operation: Int) {
        let mustLook = state.withLock { state in
            let hasWaiters = state.waiters.values.contains { $0.operation == operation }
            let isNew = state.rules.pace == .adaptive && state.lines[operation]?.machine.isPaced != true
            if hasWaiters || isNew { state.figures.notified += 1 }
            return (hasWaiters || isNew) && state.lines[operation]?.isBusy != true
        }
        if mustLook { look(operation) }
    }

    /// Reads the line, and releases our requests whose moment has come.
    func look(_ operation: Int) {
        let version: Int64? = state.withLock { state in
            guard let line = state.lines[operation] else { return 0 }
            if line.isLooking, line.awaySince != nil { return nil }
            state.lines[operation]?.isLooking = true
            return line.copy.version
        }
        guard let version else { return }
        database.line(name(operation), since: version) { [self] result in
            state.withLock { $0.lines[operation]?.isLooking = false }
            guard case .success(let found) = result else {
                if case .failure(let fault) = result, fault.isOfConnection { wait(operation, with: []) }
                return setAlarm(operation)
            }
            let (isBusy, wasAway, known) = state.withLock { state in
                let line = state.lines[operation]
                return (line?.isBusy ?? false, line?.awaySince != nil, line?.copy.version ?? 0)
            }
            // A newer state became known while this answer was under way. Treated as a loss, it would count as many calls as may have been lost.
            let isOutdated = known != version && found.version < known
            // The next store will find out by itself.
            guard !isBusy, !isOutdated, take(found, operation), let machine = state.withLock({ $0.lines[operation]?.machine }) else {
                return setAlarm(operation)
            }
            if machine.isPaced { tellPaced([operation], areAll: false) }
            settle(operation, machine)
            setKeptAlarm(operation)
            // The database is back: no request goes on alone any more, even if this member has to join again first, and the queued
            // changes are stored.
            if wasAway {
                state.withLock { $0.lines[operation]?.awaySince = nil }
                tellBack(operation)
                return storeNow(operation)
            }
            let now = Duration.microseconds(database.time ?? 0)
            let isDue = machine.nextMoment(after: now, for: owner).map { $0 <= now + .milliseconds(2) } ?? false
            if isDue || machine.keepsMore(of: owner, until: now + state.withLock(\.grace), at: now) {
                change(operation) { _, _ in [] }
            } else {
                setAlarm(operation)
            }
        }
    }

    /// Sets a timer for the first of our turns, and for once a second.
    func setAlarm(_ operation: Int) {
        let now = Duration.microseconds(database.time ?? 0)
        let wait: Duration? = state.withLock { state in
            let hasWaiters = state.waiters.values.contains { $0.operation == operation }
            guard let line = state.lines[operation], line.alarm == nil else { return nil }
            guard hasWaiters || !line.changes.isEmpty || line.copy.isUntold else { return nil }
            let moment = line.machine.nextMoment(after: now, for: owner).map { $0 - now } ?? Self.look
            let wait = line.awaySince != nil ? Self.retry : min(max(moment, .milliseconds(1)), Self.look)
            state.lines[operation]?.alarm = clock() + wait
            return wait
        }
        guard let wait else { return }
        loop.scheduleTask(in: TimeAmount(wait)) { [self] in ring(operation, isDue: wait < Self.look) }
    }

    func ring(_ operation: Int, isDue: Bool) {
        let (isBusy, isAway) = state.withLock { state in
            state.lines[operation]?.alarm = nil
            state.figures.looked += 1
            return (state.lines[operation]?.isBusy ?? false, state.lines[operation]?.awaySince != nil)
        }
        guard !isBusy else { return }
        // Due according to this gateway's copy: storing finds out whether that is the newest.
        if isDue, !isAway { storeNow(operation) } else { look(operation) }
    }

    /// The operations that are paced according to the last heartbeat; a line that isn't paced any more is
    /// removed here.
    func arePaced(_ operations: Set<Int>) {
        state.withLock { state in
            state.paced = operations
            guard state.rules.pace == .adaptive else { return }
            for (operation, line) in state.lines where line.machine.isPaced && !operations.contains(operation) && !line.isBusy {
                state.lines[operation] = nil
            }
        }
        tellPaced(operations, areAll: true)
    }
}
