import Fleet
import Policy
import Synchronization

/// How a line's state is changed: computed from the newest known state, and stored by compare-and-set.
extension SharedLines {
    /// - Returns: false when too many changes wait already; then nothing is changed.
    @discardableResult
    func change(_ operation: Int, _ change: @escaping Change) -> Bool {
        let (isTaken, isFirst) = state.withLock { state in
            var line = state.lines[operation] ?? newLine(OperationLine(rules: state.rules))
            guard line.changes.count < Self.mostChanges else { return (false, false) }
            line.changes.append(change)
            // After the database was unreachable, nothing is stored before a read has succeeded: each failed attempt would leave its
            // turns in doubt.
            let isFirst = !line.isBusy && line.awaySince == nil
            if isFirst { line.isBusy = true }
            state.lines[operation] = line
            return (true, isFirst)
        }
        if isFirst { store(operation, attempt: 0, taken: []) } else { waitsForDatabase(operation) }
        return isTaken
    }

    /// Stores the queued changes, and whatever changes by the passage of time.
    func storeNow(_ operation: Int) {
        let isFirst = state.withLock { state in
            guard let line = state.lines[operation], !line.isBusy else { return false }
            state.lines[operation]?.isBusy = true
            return true
        }
        if isFirst { store(operation, attempt: 0, taken: []) }
    }

    /// One attempt to store: the queued changes, computed from the newest known state.
    func store(_ operation: Int, attempt: Int, taken: [Change]) {
        guard let server = database.time, attempt < Self.attempts else { return giveUp(operation, taken, .unavailable("the line is too busy")) }
        var changes = taken
        let (upheavals, absences, begun) = (database.upheavals, database.absences, clock())
        let (copy, rules, alone, horizon, lead) = state.withLock { state in
            let line = state.lines[operation] ?? newLine(OperationLine(rules: state.rules))
            changes += line.changes
            state.lines[operation]?.changes = []
            // Turns that are not in the line any more may count for a whole period.
            let isForgetful = line.copy.hasLost || line.upheavals != upheavals
            let alone =
                isForgetful
                ? LineCopy.Absence(span: Self.longestPeriod, began: Self.longestPeriod, returning: Self.returning)
                : state.absence(line, absences, at: begun)
            state.lines[operation]?.busySince = begun
            return (line.copy, state.rules, alone, state.grace, line.lead.span)
        }
        // The time of the state is the time at which it will be stored.
        let time = server + lead.microseconds
        let attempted = copy.attempt(
            changes, rules: rules, owner: owner, at: .microseconds(time), absence: alone, horizon: horizon)
        // One of its requests may have left by its reserved turn at this moment.
        guard state.withLock({ $0.lines[operation]?.copy.begin(attempted) ?? false }) else {
            return store(operation, attempt: attempt + 1, taken: changes)
        }
        let (bytes, done) = (attempted.bytes, changes)
        let (line, isPaced) = (name(operation), attempted.machine.isPaced)
        database.put(line, over: attempted.version, bytes, at: attempted.now.microseconds, isPaced: isPaced) { [self] result in
            if case .success(let answer) = result, let then = answer.clock {
                // A time that is read from a row may be any number.
                let (delay, isAbsurd) = then.subtractingReportingOverflow(server)
                if !isAbsurd { state.withLock { $0.lines[operation]?.lead.observe(.microseconds(delay)) } }
            }
            switch result.map(\.verdict) {
            case .success(.stored(let version)): wasStored(operation, attempted, version, upheavals, begun: begun)
            case .success(.moved(let found)) where found.state == bytes, .success(.clock(let found)) where found.state == bytes:
                // The first attempt was committed, and its answer was lost.
                wasStored(operation, attempted, found.version, upheavals, begun: begun)
            case .success(.moved(let found)), .success(.clock(let found)):
                state.withLock { state in
                    state.figures.conflicts += 1
                    state.lines[operation]?.copy.refused()
                }
                guard take(found, operation) else {
                    return giveUp(operation, done, .refused("the line's state is of a newer version"), isUnreadable: true)
                }
                store(operation, attempt: attempt + 1, taken: done)
            case .success(.fenced): giveUp(operation, done, .fenced)
            case .failure(let fault): giveUp(operation, done, fault)
            }
        }
    }

    /// Takes over a state that another gateway stored; false when it can't be read.
    func take(_ found: LineState.Stored, _ operation: Int) -> Bool {
        let isReadable = state.withLock { state in
            guard var line = state.lines[operation] ?? found.state.map({ _ in newLine(OperationLine(rules: state.rules)) }) else { return true }
            guard line.copy.take(found.state, version: found.version, rules: state.rules) else { return false }
            state.lines[operation] = line
            return true
        }
        database.line(name(operation), isReadable: isReadable)
        return isReadable
    }

    /// - Parameters:
    ///   - upheavals: the count of events by which the database may have lost data.
    ///   - begun: when it was computed, by this machine's uptime.
    private func wasStored(_ operation: Int, _ attempt: LineCopy.Attempt, _ version: Int64, _ upheavals: UInt64, begun: Duration) {
        let (machine, resolutions, now) = (attempt.machine, attempt.resolutions, attempt.now)
        let isBack = state.withLock { state in
            let wasAway = state.lines[operation]?.awaySince != nil
            state.lines[operation]?.copy.stored(attempt, version: version)
            state.lines[operation]?.unsettledSince = nil
            state.lines[operation]?.settled = begun
            state.lines[operation]?.awaySince = nil
            state.lines[operation]?.upheavals = upheavals
            let known = state.lines[operation]?.passedBy ?? []
            state.figures.passedBy += UInt64(machine.passedBy.count { !known.contains($0) })
            state.lines[operation]?.passedBy = known.union(machine.passedBy).filter { machine.standing(of: $0) == .waiting }
            for item in resolutions where item.verdict == .wait { state.waiters[item.ticket]?.waiter.isPlaced = true }
            return wasAway
        }
        database.line(name(operation), isReadable: true)
        for item in resolutions { tell(item, operation, machine, at: machine.departure(of: item.ticket) ?? now) }
        if machine.isPaced { tellPaced([operation], areAll: false) }
        settle(operation, machine)
        setKeptAlarm(operation)
        next(operation)
        if isBack { tellBack(operation) }
    }

    /// Continues with the changes that came meanwhile, or sets the timer.
    func next(_ operation: Int) {
        let goesOn = state.withLock { state in
            guard let line = state.lines[operation], !line.changes.isEmpty || line.copy.hasSpent else {
                state.lines[operation]?.isBusy = false
                return false
            }
            return true
        }
        if goesOn { store(operation, attempt: 0, taken: []) } else { setAlarm(operation) }
    }
}
