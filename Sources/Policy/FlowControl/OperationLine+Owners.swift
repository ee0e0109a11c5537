/// A line that several gateways share: each releases only its own requests.
extension OperationLine {
    /// Gateways name themselves in a line by numbers below this one; those of an earlier version have larger ones.
    private static let firstEarlierOwner: Int64 = 1 << 40

    /// A new number by which a gateway is known in the lines, different from those of the others. A version of the gateway that changes for how long
    /// turns may be used has to begin a new range of numbers.
    package static func owner() -> Int64 { .random(in: 1..<firstEarlierOwner) }

    /// Whether a gateway uses its kept turns for twice as long as this version does: earlier versions did, and they have larger numbers. During an
    /// upgrade both run beside each other, so a turn of theirs counts for twice as long.
    static func usesTurnsForLonger(_ owner: Int64) -> Bool { owner >= firstEarlierOwner }

    /// Finds out, after a line was read, which kept turns are used for twice as long. The owner of a turn's request tells; a turn whose request is
    /// gone counts as one of those.
    mutating func findLongTurns() {
        let short = Set(places.lazy.filter { $0.kept != nil && !Self.usesTurnsForLonger($0.request.owner) }.map(\.request.ticket))
        shared.areLong(without: short)
        for name in allowances.keys { allowances[name]?.areLong(without: short) }
    }

    /// Requests are removed if their gateway hasn't changed the line for so long after their deadline.
    private static let afterlife = Duration.seconds(10)
    /// Calls without an answer are dropped after that: no call takes longer, and their gateway may be gone.
    private static let longestCall = Duration.seconds(900)

    /// When one gateway should change the line next; nil if none of its requests waits.
    package func nextMoment(after now: Duration, for owner: Int64) -> Duration? {
        guard places.contains(where: { $0.isRequest && $0.request.owner == owner }) else { return nil }
        var later = self
        let walk = later.walk(at: now, for: owner)
        return walk.resolutions.isEmpty ? max(walk.next ?? now, now) + .milliseconds(1) : now
    }

    /// The state of a ticket's request: nil when it isn't in the line any more.
    package func standing(of ticket: Int) -> Standing? {
        if places.contains(where: { $0.isRequest && $0.request.ticket == ticket }) { return .waiting }
        return departed[ticket].map { .departed(credential: $0.credential, at: $0.time) }
    }

    /// When a request leaves whose turn has been taken, possibly a moment from now.
    package func departure(of ticket: Int) -> Duration? { departed[ticket]?.time }

    /// The state of a request.
    package enum Standing: Sendable, Equatable {
        case waiting
        case departed(credential: String, at: Duration)
    }

    /// How long a refused caller has to wait for the turn that is kept for it.
    package func claim(of request: Request, at now: Duration) -> Duration? {
        for place in places where place.request.isAlike(request) {
            if case .claim(let told, _) = place.holder { return OperationLine.retryAfter(max(.zero, told - now), longestWait: rules.longestWait) }
        }
        return nil
    }

    /// The quotas in force: that of each credential, and the one for all of them together.
    package var quotas: [(credential: String?, quota: Quota)] {
        let own = allowances.compactMap { name, allowance in allowance.quota.map { (credential: Optional(name), quota: $0) } }
        return own + (shared.quota.map { [(credential: nil, quota: $0)] } ?? [])
    }

    /// How long a granted turn stays valid: half of the assumed transit time to HSS.
    package func lifeOfTurn(with credential: String) -> Duration {
        ((allowances[credential]?.quota ?? shared.quota ?? .documented).transit) / 2
    }

    /// Takes over the counts of a shared line, for one gateway that continues alone.
    /// - Parameters:
    ///   - ahead: how far the other line's clock is ahead of this one's.
    ///   - sharedUntil: until when other gateways may have sent requests by the line. Those since this gateway read it are not known here, so
    ///     nothing leaves before they don't count any more. Nil if the pace need not be kept exactly.
    package mutating func takeOver(_ shared: OperationLine, ahead: Duration, sharedUntil: Duration? = nil) {
        for (name, allowance) in shared.allowances {
            prepare([name])
            allowances[name]?.replaceRemembered(by: allowance.departures.map { $0 - ahead })
        }
        let departures = shared.shared.departures.map { $0 - ahead }
        guard let sharedUntil else { return self.shared.replaceRemembered(by: departures) }
        silentUntil = sharedUntil + max(shared.rules.operationSpan, shared.allowances.values.compactMap { $0.quota?.span }.max() ?? .zero)
        for name in allowances.keys { allowances[name]?.hold(until: silentUntil) }
        guard let quota = shared.shared.quota, let own = self.shared.quota, !shared.mayUseUp(quota) else {
            self.shared.replaceRemembered(by: departures)
            if let quota = shared.shared.quota { self.shared.hold(until: sharedUntil + quota.span) }
            return
        }
        // The calls of all gateways are counted by all of them, each at its part of the quota: so each counts its part of them.
        self.shared.replaceRemembered(by: Self.part(of: departures.sorted(), among: own.share(of: quota)))
    }

    /// One of so many times each, the last of those that it stands for.
    private static func part(of times: [Duration], among gateways: Int) -> [Duration] {
        times.reversed().enumerated().filter { $0.offset.isMultiple(of: gateways) }.map(\.element).reversed()
    }

    /// How long any call counts at most.
    package var longestSpan: Duration { max(rules.longestSpan, quotas.map(\.quota.span).max() ?? .zero) }

    /// Whether the sum of the credentials' quotas exceeds the common one.
    private func mayUseUp(_ all: Quota) -> Bool {
        var possible = 0.0
        for case let quota? in allowances.values.map(\.quota) { possible += Double(quota.limit) * (all.period / quota.period + 2) }
        return possible > Double(all.limit)
    }

    /// Counts what may have left in a time in which each gateway decided for itself, at its part of the pace: nobody knows better.
    /// - Parameters:
    ///   - start: when that time began.
    ///   - end: until then others may go on like that; nobody leaves.
    package mutating func assumeUse(during span: Duration, since start: Duration, at now: Duration, until end: Duration) {
        for name in allowances.keys { allowances[name]?.assumeUse(during: span, since: start, at: now) }
        shared.assumeUse(during: span, since: start, at: now)
        for name in allowances.keys where allowances[name]?.quota != nil { allowances[name]?.hold(until: end) }
        if shared.quota != nil { shared.hold(until: end) }
    }

    /// The clock of a shared line is its database's, which may step back. To be called once before a line is changed.
    package mutating func stepBack(to now: Duration) {
        shared.stepBack(to: now)
        for name in allowances.keys { allowances[name]?.stepBack(to: now) }
    }

    /// Removes requests and calls of gateways that may be gone.
    mutating func forgetTheGone(at now: Duration) {
        places.removeAll { place in place.deadline.map { now > $0 + Self.afterlife } ?? false }
        departed = departed.filter { now - $0.value.time < Self.longestCall }
    }
}
