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
        guard let clock = member.time, attempt < Self.attempts else { return giveUp(operation, taken, .unavailable("the line is too busy")) }
        var changes = taken
        let (upheavals, absences, begun) = (member.upheavals, member.absences, FlowControl.now)
        let (base, version, rules, gone, spent, alone, horizon, lead) = state.withLock { state in
            let line = state.lines[operation] ?? newLine(OperationLine(rules: state.rules))
            changes += line.changes
            state.lines[operation]?.changes = []
            // Turns of which the line knows nothing any more may count for a whole period.
            let isForgetful = line.hasLost || line.upheavals != upheavals
            let alone = isForgetful ? Self.longestPeriod : state.timeAlone(line, absences, at: begun)
            state.lines[operation]?.busySince = begun
            return (line.machine, line.version, state.rules, line.gone, line.spent, alone, state.grace, line.lead.span)
        }
        // The line's time is the one at which it will be stored.
        let time = clock + lead.microseconds
        let now = Duration.microseconds(time)
        var machine = base
        machine.adopt(rules)
        machine.stepBack(to: now)
        for (ticket, turn) in spent { machine.leftByKept(ticket, with: turn.credential, at: turn.time) }
        var resolutions: [OperationLine.Resolution] = []
        if alone > .zero { machine.assumeUse(during: alone, at: now, until: now + Self.returning) }
        for change in changes { resolutions += change(&machine, now) }
        for ticket in gone { machine.withdraw(ticket) }
        resolutions += machine.advance(to: now, for: owner)
        machine.keepTurns(until: now + horizon, at: now)
        let left = resolutions.filter { if case .leave = $0.verdict { true } else { false } }.map(\.ticket)
        let isStillTrue = state.withLock { state in
            // One of them left by its kept turn in this moment.
            guard let line = state.lines[operation], line.spent.count == spent.count else { return false }
            state.lines[operation]?.leaving.formUnion(left)
            return true
        }
        guard isStillTrue else { return store(operation, attempt: attempt + 1, taken: changes) }
        let bytes = machine.encoded(at: now)
        let (stored, told, done) = (machine, resolutions, changes)
        let settled = Settled(gone: gone, spent: spent, upheavals: upheavals, begun: begun)
        member.put(name(operation), over: version, bytes, at: time, isPaced: machine.isPaced) { [self] result in
            if case .success(let answer) = result, let then = answer.clock {
                // A clock that is read from a row may say anything.
                let (delay, isAbsurd) = then.subtractingReportingOverflow(clock)
                if !isAbsurd { state.withLock { $0.lines[operation]?.lead.observe(.microseconds(delay)) } }
            }
            switch result.map(\.verdict) {
            case .success(.stored(let version)): wasStored(operation, stored, version, told, settled, at: now)
            case .success(.moved(let found)) where found.state == bytes, .success(.clock(let found)) where found.state == bytes:
                // The first attempt was committed, and its answer was lost.
                wasStored(operation, stored, found.version, told, settled, at: now)
            case .success(.moved(let found)), .success(.clock(let found)):
                state.withLock { state in
                    state.figures.conflicts += 1
                    state.lines[operation]?.leaving = []
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
            // The row is gone: what is known here is stored anew.
            if found.version == 0, (state.lines[operation]?.version ?? 0) > 0 {
                state.lines[operation]?.version = 0
                state.lines[operation]?.hasLost = true
            }
            guard let bytes = found.state else {
                state.lines[operation]?.isKnown = true
                return true
            }
            guard let machine = OperationLine(decoding: bytes, rules: state.rules) else { return false }
            if let known = state.lines[operation]?.version, found.version < known { state.lines[operation]?.hasLost = true }
            state.lines[operation, default: newLine(machine)].machine = machine
            state.lines[operation]?.isKnown = true
            // What was in doubt was computed over another version, and can't be stored any more.
            if state.lines[operation]?.version != found.version { state.lines[operation]?.doubted = [] }
            state.lines[operation]?.version = found.version
            return true
        }
        member.line(name(operation), isReadable: isReadable)
        return isReadable
    }

    /// What a state settles that is stored.
    struct Settled: Sendable {
        let gone: Set<Int>
        let spent: [Int: Spent]
        let upheavals: UInt64
        /// When it was computed, by this machine's uptime.
        let begun: Duration
    }

    private func wasStored(
        _ operation: Int, _ machine: OperationLine, _ version: Int64, _ resolutions: [OperationLine.Resolution], _ settled: Settled, at now: Duration
    ) {
        let isBack = state.withLock { state in
            let wasAway = state.lines[operation]?.awaySince != nil
            state.lines[operation]?.isKnown = true
            state.lines[operation]?.unsettledSince = nil
            state.lines[operation]?.settled = settled.begun
            state.lines[operation]?.machine = machine
            state.lines[operation]?.version = version
            state.lines[operation]?.awaySince = nil
            state.lines[operation]?.gone.subtract(settled.gone)
            for ticket in settled.spent.keys { state.lines[operation]?.spent[ticket] = nil }
            state.lines[operation]?.doubted = []
            state.lines[operation]?.leaving = []
            state.lines[operation]?.upheavals = settled.upheavals
            state.lines[operation]?.hasLost = false
            let known = state.lines[operation]?.passedBy ?? []
            state.figures.passedBy += UInt64(machine.passedBy.count { !known.contains($0) })
            state.lines[operation]?.passedBy = known.union(machine.passedBy).filter { machine.standing(of: $0, at: now) == .waiting }
            for item in resolutions where item.verdict == .wait { state.waiters[item.ticket]?.waiter.isPlaced = true }
            return wasAway
        }
        member.line(name(operation), isReadable: true)
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
            guard let line = state.lines[operation], !line.changes.isEmpty || !line.spent.isEmpty else {
                state.lines[operation]?.isBusy = false
                return false
            }
            return true
        }
        if goesOn { store(operation, attempt: 0, taken: []) } else { setAlarm(operation) }
    }
}
