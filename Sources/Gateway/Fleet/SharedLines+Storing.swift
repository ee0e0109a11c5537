import Fleet
import Policy
import Synchronization

/// How a line's state is changed: computed over the newest that is known, and stored if nobody was quicker.
extension SharedLines {
    /// - Returns: false when too many changes wait already; then it is as if nobody had asked.
    @discardableResult
    func change(_ operation: Int, _ change: @escaping Change) -> Bool {
        let (isTaken, isFirst) = state.withLock { state in
            var line = state.lines[operation] ?? newLine(OperationLine(rules: state.rules))
            guard line.changes.count < Self.mostChanges else { return (false, false) }
            line.changes.append(change)
            // While the database is away nothing is stored before it has answered a look: each attempt would leave its turns in doubt.
            let isFirst = !line.isBusy && line.awaySince == nil
            if isFirst { line.isBusy = true }
            state.lines[operation] = line
            return (true, isFirst)
        }
        if isFirst { store(operation, attempt: 0, taken: []) } else { waitsForDatabase(operation) }
        return isTaken
    }

    /// Stores what waits, and whatever the time that has passed changes.
    func storeNow(_ operation: Int) {
        let isFirst = state.withLock { state in
            guard let line = state.lines[operation], !line.isBusy else { return false }
            state.lines[operation]?.isBusy = true
            return true
        }
        if isFirst { store(operation, attempt: 0, taken: []) }
    }

    /// One attempt to store: the changes that wait, computed over the newest state that is known.
    func store(_ operation: Int, attempt: Int, taken: [Change]) {
        guard let server = database.time, attempt < Self.attempts else { return giveUp(operation, taken, .unavailable("the line is too busy")) }
        var changes = taken
        let (upheavals, absences, begun) = (database.upheavals, database.absences, clock())
        let (copy, rules, alone, horizon, lead) = state.withLock { state in
            let line = state.lines[operation] ?? newLine(OperationLine(rules: state.rules))
            changes += line.changes
            state.lines[operation]?.changes = []
            // Turns of which the line knows nothing any more may count for a whole period.
            let isForgetful = line.copy.hasLost || line.upheavals != upheavals
            let alone =
                isForgetful
                ? LineCopy.Absence(span: Self.longestPeriod, began: Self.longestPeriod, returning: Self.returning)
                : state.absence(line, absences, at: begun)
            state.lines[operation]?.busySince = begun
            return (line.copy, state.rules, alone, state.grace, line.lead.span)
        }
        // The line's time is the one at which it will be stored.
        let time = server + lead.microseconds
        let attempted = copy.attempt(
            changes, rules: rules, owner: owner, at: .microseconds(time), absence: alone, horizon: horizon)
        // One of its requests may have left by its kept turn in this moment.
        guard state.withLock({ $0.lines[operation]?.copy.begin(attempted) ?? false }) else {
            return store(operation, attempt: attempt + 1, taken: changes)
        }
        let (bytes, done) = (attempted.bytes, changes)
        let (line, isPaced) = (name(operation), attempted.machine.isPaced)
        database.put(line, over: attempted.version, bytes, at: attempted.now.microseconds, isPaced: isPaced) { [self] result in
            if case .success(let answer) = result, let then = answer.clock {
                // A clock that is read from a row may say anything.
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

    /// Takes over what somebody else stored; false when it can't be read.
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
    ///   - upheavals: what it counts that the database may have forgotten.
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
            state.lines[operation]?.passedBy = known.union(machine.passedBy).filter { machine.standing(of: $0, at: now) == .waiting }
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

    /// Goes on with what came meanwhile, or sets the alarm.
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
