extension OperationLine {
    /// What became of a request that waited.
    package struct Resolution: Sendable, Equatable {
        package let ticket: Int
        package let verdict: Verdict

        package init(ticket: Int, verdict: Verdict) {
            self.ticket = ticket
            self.verdict = verdict
        }
    }

    /// How long a slot is kept free for a claim's caller: the moment in which it is expected.
    func patience(for claim: Entry) -> Duration {
        let quota = claim.request.credentials.lazy.compactMap { allowances[$0]?.quota }.first ?? shared.quota
        return min(.seconds(1), (quota ?? .documented).period / 25)
    }

    /// Since when a slot has been free for a claim, once one is.
    private func freeSince(_ claim: Request, _ credential: String, told: Duration, now: Duration) -> Duration {
        min(now, max(shared.nextFree(at: told), allowances[credential]?.nextFree(at: told) ?? told))
    }

    /// Keeps free slots for the callers that are expected now, and lets go of the claims whose callers didn't come.
    /// - Returns: how many slots are kept, by credential.
    mutating func keepSlots(at now: Duration) -> [String: Int] {
        var kept: [String: Int] = [:]
        places.removeAll { place in
            guard case .claim(let told, _) = place.holder else { return false }
            // Nobody comes that late, whether its slot was there or not.
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
            let since = held ?? freeSince(places[index].request, credential, told: told, now: now)
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
    /// - Parameter owner: in a line that several gateways share, whose requests leave. Another's in front keeps its slot for a moment (`patience`),
    ///   as a claim does; then it is passed by.
    package mutating func advance(to now: Duration, for owner: Int64? = nil) -> [Resolution] {
        pass(to: now)
        if let owner {
            forgetTheGone(at: now)
            giveUpLateKept(of: owner, at: now)
        }
        let claimed = keepSlots(at: now)
        var resolutions: [Resolution] = []
        var (claims, others): ([String: Int], [String: Int]) = ([:], [:])
        var exhausted: [[String]] = []
        var absent: [Int] = []
        let reach = now + tightSpan
        passedBy = []
        var index = 0
        while index < places.count {
            let place = places[index]
            guard place.isRequest else {
                // What is kept stands in front of those behind it, and of nobody else.
                if case .claim(_, _?) = place.holder { claims = claimed }
                index += 1
                continue
            }
            let kept = others.isEmpty ? claims : claims.merging(others, uniquingKeysWith: +)
            // A kept turn makes room for its own request alone, so that the next one is asked for itself, unless the turn lies behind all that a
            // call which leaves now could be in the way of.
            let isAlike = place.kept.map { $0.time >= reach } ?? true
            guard !isAlike || !exhausted.contains(place.request.credentials),
                let credential = freeCredential(for: place.request, at: now, kept: kept, keptInAll: kept.values.reduce(0, +))
            else {
                if isAlike { exhausted.append(place.request.credentials) }
                index += 1
                continue
            }
            if let owner, place.request.owner != owner {
                let since = place.heldSince ?? now
                places[index].heldSince = since
                if now <= since + patience(for: place) { others[credential, default: 0] += 1 } else { absent.append(place.request.ticket) }
                index += 1
                continue
            }
            places.remove(at: index)
            passedBy = absent
            resolutions.append(
                Resolution(ticket: place.request.ticket, verdict: depart(place.request, place.turn, place.arrival, credential, at: now)))
        }
        return resolutions
    }

    /// How long what leaves now can be in the way of kept turns: it is not in the way of any where there is room for all.
    private var tightSpan: Duration {
        (allowances.values + [shared]).compactMap { allowance in
            guard let quota = allowance.quota, allowance.uses.count + allowance.kept.count + places.count >= quota.limit else { return nil }
            return quota.span
        }.max() ?? .zero
    }

    /// When `advance` should be called next; nil while nobody waits.
    package func nextMoment(after now: Duration) -> Duration? {
        var moment: Duration?
        var isWanted = false
        var asked: [[String]] = []
        for place in places {
            switch place.holder {
            case .request:
                // Who draws on the same credentials leaves no sooner than the first of them.
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

    // MARK: - Looking ahead

    /// Where a request stands that waits.
    package struct PlaceInLine: Sendable, Equatable {
        /// From 1.
        package let position: Int
        /// Until it leaves, as far as is known now.
        package let estimate: Duration
    }

    /// The places of one caller's requests that wait, in the line's order.
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

    /// When each of these places leaves if they stand in this order.
    func forecast(of places: [Entry], at now: Duration) -> [Duration] {
        var ahead = Forecast(self, at: now)
        return places.map { ahead.time(of: $0, patience: patience(for: $0)) }
    }

    /// The line run ahead in time.
    private struct Forecast {
        private let now: Duration
        private var shared: AllowanceForecast
        private var allowances: [String: AllowanceForecast]
        /// Claims whose callers aren't expected when a slot comes: they take theirs later.
        private var later: [(told: Duration, request: Request)] = []

        init(_ line: OperationLine, at now: Duration) {
            self.now = now
            shared = line.shared.forecast(at: now)
            allowances = line.allowances.mapValues { $0.forecast(at: now) }
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
