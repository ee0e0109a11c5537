extension OperationLine {
    /// The result for a request that waited.
    package struct Resolution: Sendable, Equatable {
        package let ticket: Int
        package let verdict: Verdict

        package init(ticket: Int, verdict: Verdict) {
            self.ticket = ticket
            self.verdict = verdict
        }
    }

    /// How long a slot is kept free for a claim's caller around its expected time.
    func patience(for claim: Entry) -> Duration {
        let quota = claim.request.credentials.lazy.compactMap { allowances[$0]?.quota }.first ?? shared.quota
        return min(.seconds(1), (quota ?? .documented).period / 25)
    }

    /// Since when a slot has been free for a claim, once one is.
    private func freeSince(_ credential: String, told: Duration, now: Duration) -> Duration {
        min(now, max(shared.nextFree(at: told), allowances[credential]?.nextFree(at: told) ?? told))
    }

    /// Keeps slots free for the callers that are expected now, and drops the claims whose callers didn't come.
    /// - Returns: how many slots are kept, by credential.
    mutating func keepSlots(at now: Duration) -> [String: Int] {
        var kept: [String: Int] = [:]
        places.removeAll { place in
            guard case .claim(let told, _) = place.holder else { return false }
            // A caller that hasn't come by then won't, whether its slot was free or not.
            return now > told + rules.longestWait + .seconds(60)
        }
        var index = 0
        while index < places.count {
            guard case .claim(let told, let held) = places[index].holder, now >= told - patience(for: places[index]),
                let credential = freeCredential(for: places[index].request, at: now, kept: kept, keptInAll: kept.values.reduce(0, +))
            else {
                index += 1
                continue
            }
            let since = held ?? freeSince(credential, told: told, now: now)
            if now > max(told, since) + patience(for: places[index]) {
                places.remove(at: index)
                continue
            }
            places[index].holder = .claim(told: told, heldSince: since)
            kept[credential, default: 0] += 1
            index += 1
        }
        return kept
    }

    // MARK: - Advancing

    /// Releases the requests that have a slot, in the line's order.
    /// - Parameter owner: in a line that several gateways share, whose requests leave, also those whose slot is near (`foresight`). Another's in
    ///   front keeps its slot for a moment (`patience`), as a claim does; then it is passed by until its gateway changes the line again: one that is
    ///   slow has its turn the next time, and one that is gone delays the others once.
    package mutating func advance(to now: Duration, for owner: Int64? = nil) -> [Resolution] {
        pass(to: now)
        if let owner {
            forgetTheGone(at: now)
            giveUpLateKept(of: owner, at: now)
        }
        return walk(at: now, for: owner).resolutions
    }

    /// State of one pass through a line.
    struct Walk {
        var resolutions: [Resolution] = []
        /// When the line should be processed again, for those of the owner's requests that stay in it.
        var next: Duration?

        mutating func again(at time: Duration) { next = min(next ?? time, time) }
    }

    mutating func walk(at now: Duration, for owner: Int64?) -> Walk {
        let ahead = owner == nil ? .zero : foresight
        let claimed = keepSlots(at: now)
        var walk = Walk()
        var (claims, others): ([String: Int], [String: Int]) = ([:], [:])
        // When the first of those comes whose turns are too far away, by their credentials.
        var exhausted: [(credentials: [String], time: Duration)] = []
        var absent: [Int] = []
        let reach = now + tightSpan
        passedBy = []
        var index = 0
        while index < places.count {
            let place = places[index]
            let isOwn = owner.map { place.request.owner == $0 } ?? true
            let kept = others.isEmpty ? claims : claims.merging(others, uniquingKeysWith: +)
            guard place.isRequest else {
                if case .claim(let told, let since) = place.holder {
                    // A kept slot only blocks the requests behind it.
                    if let since {
                        claims = claimed
                        walk.again(at: max(told, since) + patience(for: place) + .milliseconds(1))
                    } else if ahead > .zero, told - patience(for: place) <= now + ahead,
                        let turn = firstTurn(for: place.request, at: now, within: ahead, kept: kept), turn.time <= now + ahead,
                        told - patience(for: place) <= turn.time
                    {
                        others[turn.credential, default: 0] += 1
                        walk.again(at: max(told, turn.time) + patience(for: place) + .milliseconds(1))
                    }
                }
                index += 1
                continue
            }
            // A kept turn reserves room for its own request only, so that the next request is checked separately, unless the turn is later than
            // everything that a call which leaves now could block.
            let isAlike = place.kept.map { $0.time >= reach } ?? true
            if isAlike, let known = exhausted.first(where: { $0.credentials == place.request.credentials }) {
                if isOwn { walk.again(at: known.time - ahead) }
                index += 1
                continue
            }
            if isOwn, owner != nil { places[index].heldSince = nil }
            let turn = firstTurn(for: place.request, at: now, within: ahead, kept: kept)
            guard let turn, turn.time <= now + ahead else {
                let time = turn?.time ?? .seconds(Int64.max / 4)
                if isAlike { exhausted.append((place.request.credentials, time)) }
                if isOwn, turn != nil { walk.again(at: time - ahead) }
                index += 1
                continue
            }
            if !isOwn {
                let since = place.heldSince ?? turn.time
                places[index].heldSince = since
                let end = since + patience(for: place)
                if now <= end {
                    others[turn.credential, default: 0] += 1
                    walk.again(at: end + .milliseconds(1))
                } else {
                    absent.append(place.request.ticket)
                }
                index += 1
                continue
            }
            places.remove(at: index)
            passedBy = absent
            let verdict = depart(place.request, place.turn, place.arrival, turn.credential, at: turn.time, now: now)
            walk.resolutions.append(Resolution(ticket: place.request.ticket, verdict: verdict))
        }
        return walk
    }

    /// How long before its moment a turn is taken in a shared line: the time until the database has stored it, also when other gateways stored
    /// first a few times.
    package var foresight: Duration {
        let shortest = (allowances.values + [shared]).compactMap { $0.quota?.period }.min() ?? Quota.documented.period
        return min(.milliseconds(500), shortest / 2)
    }

    /// When a request may leave, and with which credential, as far as is known now; nil if more are in front of it than may leave at a time.
    /// - Parameter ahead: zero if only the present moment matters.
    private func firstTurn(
        for request: Request, at now: Duration, within ahead: Duration, kept: [String: Int]
    ) -> (credential: String, time: Duration)? {
        let keptInAll = kept.values.reduce(0, +)
        if let credential = freeCredential(for: request, at: now, kept: kept, keptInAll: keptInAll) { return (credential, now) }
        guard ahead > .zero else { return nil }
        var best: (credential: String, time: Duration)?
        for name in request.credentials {
            var time = now
            // The moment is found when both have room and neither moves any further.
            for _ in 0..<10 {
                guard let own = (allowances[name] ?? shared).nextFree(at: time, for: request.ticket, behind: kept[name] ?? 0),
                    let all = shared.nextFree(at: own, for: request.ticket, behind: keptInAll)
                else { break }
                guard all > time else {
                    if best.map({ time < $0.time }) ?? true { best = (name, time) }
                    break
                }
                time = all
            }
        }
        return best
    }

    /// How long a call that leaves now can block kept turns: not at all if there is room for all.
    private var tightSpan: Duration {
        (allowances.values + [shared]).compactMap { allowance in
            guard let quota = allowance.quota, allowance.uses.count + allowance.kept.count + places.count >= quota.limit else { return nil }
            return quota.span
        }.max() ?? .zero
    }

    /// When `advance` should be called next; nil if no request waits.
    package func nextMoment(after now: Duration) -> Duration? {
        var moment: Duration?
        var isWanted = false
        var asked: [[String]] = []
        for place in places {
            switch place.holder {
            case .request:
                // Requests with the same credentials leave no sooner than the first of them.
                isWanted = true
                guard !asked.contains(place.request.credentials) else { continue }
                asked.append(place.request.credentials)
                let free = max(shared.nextFree(at: now), place.request.credentials.map { allowances[$0]?.nextFree(at: now) ?? now }.min() ?? now)
                if free > now { moment = min(moment ?? free, free) }
            case .claim(let told, let heldSince):
                guard let heldSince else { continue }
                let end = max(max(told, heldSince) + patience(for: place), now) + .milliseconds(1)
                moment = min(moment ?? end, end)
            }
        }
        return isWanted ? moment ?? now + .milliseconds(1) : nil
    }

    // MARK: - Forecasts

    /// The position of a waiting request.
    package struct PlaceInLine: Sendable, Equatable {
        /// From 1.
        package let position: Int
        /// Until it leaves, as far as is known now.
        package let estimate: Duration
    }

    /// The positions of one caller's waiting requests, in the line's order.
    package func standing(of caller: String, at now: Duration) -> [PlaceInLine] {
        guard places.contains(where: { $0.isRequest && $0.request.caller == caller }) else { return [] }
        var position = 0
        var found: [PlaceInLine] = []
        for (place, time) in zip(places, forecast(of: places, at: now)) where place.isRequest {
            position += 1
            if place.request.caller == caller { found.append(PlaceInLine(position: position, estimate: max(.zero, time - now))) }
        }
        return found
    }

    /// When each of these places leaves if they are in this order.
    /// - Parameter isUnheard: whether to assume that the answers to those in front take as long as possible.
    func forecast(of places: [Entry], at now: Duration, isUnheard: Bool = false) -> [Duration] {
        var ahead = Forecast(self, at: now, isUnheard: isUnheard)
        return places.map { ahead.time(of: $0, patience: patience(for: $0)) }
    }

    /// The line simulated forward in time.
    private struct Forecast {
        private let now: Duration
        private var shared: AllowanceForecast
        private var allowances: [String: AllowanceForecast]
        /// Claims whose callers aren't expected yet when a slot comes: they take theirs later.
        private var later: [(told: Duration, request: Request)] = []

        init(_ line: OperationLine, at now: Duration, isUnheard: Bool) {
            self.now = now
            shared = isUnheard ? line.shared.forecastUnheard(at: now) : line.shared.forecast(at: now)
            allowances = line.allowances.mapValues { isUnheard ? $0.forecastUnheard(at: now) : $0.forecast(at: now) }
        }

        mutating func time(of place: Entry, patience: Duration) -> Duration {
            var (time, credential) = free(for: place.request, from: now)
            while let index = later.firstIndex(where: { $0.told <= time }) {
                let claim = later.remove(at: index)
                let (claimed, name) = free(for: claim.request, from: max(now, claim.told))
                take(name, at: claimed)
                (time, credential) = free(for: place.request, from: now)
            }
            if case .claim(let told, _) = place.holder, time < told - patience {
                let position = later.firstIndex { $0.told > told } ?? later.endIndex
                later.insert((told, place.request), at: position)
                return told
            }
            take(credential, at: time)
            return time
        }

        private func free(for request: Request, from start: Duration) -> (Duration, String?) {
            var best: (time: Duration, name: String)?
            for name in request.credentials {
                let time = allowances[name]?.nextFree(from: start) ?? start
                if best.map({ time < $0.time }) ?? true { best = (time, name) }
            }
            return (max(best?.time ?? start, shared.nextFree(from: start)), best?.name)
        }

        private mutating func take(_ name: String?, at time: Duration) {
            if let name { allowances[name]?.take(at: time) }
            shared.take(at: time)
        }
    }
}
