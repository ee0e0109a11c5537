/// Turns that a shared line keeps for the requests that wait in it. They are stored with it: while the database is unreachable, a request leaves by
/// its kept turn, without telling the other gateways before.
extension OperationLine {
    /// The largest number; each costs time with every change of the line.
    private static let mostKept = 64

    /// A turn of a waiting request.
    package struct KeptTurn: Sendable, Equatable {
        package let ticket: Int
        package let credential: String
        /// It may be used from here on,
        package let opens: Duration
        /// and no longer than until then.
        package let closes: Duration
    }

    /// Keeps a turn for each request that has none, in the line's order, as far as turns come before `horizon`. Those of claims in front stay free.
    /// - Parameter owner: the gateway whose turns are given up if they block others, because the line was not changed for a moment since they were
    ///   kept.
    package mutating func keepTurns(until horizon: Duration, at now: Duration, for owner: Int64? = nil) {
        shared.forgetKept(at: now)
        for name in allowances.keys { allowances[name]?.forgetKept(at: now) }
        guard isPaced, places.contains(where: \.isRequest) else { return }
        // When each leaves if all in front leave as late as possible. A turn that is kept for it earlier would block those in front; one that
        // is kept much later would be useless, since it lets others wait and the request has left by then.
        let expected = forecast(of: places, at: now, isUnheard: true)
        for index in places.indices where places[index].isRequest && places[index].request.owner == owner {
            guard let kept = places[index].kept, kept.time + quotaOrDocumented(of: kept.credential).transit < expected[index] else { continue }
            places[index].kept = nil
            giveUpKept(places[index].request.ticket)
        }
        guard places.contains(where: { $0.isRequest && $0.kept == nil }) else { return }
        // The line as it would be if the claims' callers came at their times.
        var plan = (shared: shared, allowances: allowances)
        var left = Self.mostKept - places.count { $0.kept != nil }
        var exhausted: Set<[String]> = []
        for index in places.indices where left > 0 && places[index].kept == nil {
            let request = places[index].request
            guard !exhausted.contains(request.credentials) else { continue }
            var (start, last) = (now, horizon)
            switch places[index].holder {
            case .claim(let told, _): start = max(now, told)
            case .request(let deadline): last = min(horizon, deadline)
            }
            start = max(start, expected[index])
            let isLong = Self.usesTurnsForLonger(request.owner)
            guard start <= last, let turn = Self.firstKeepable(for: request, from: start, isLong: isLong, plan.shared, plan.allowances)
            else { continue }
            guard turn.time <= last else {
                if places[index].isRequest, last == horizon { exhausted.insert(request.credentials) }
                continue
            }
            guard turn.time <= start + quotaOrDocumented(of: turn.credential).period else { continue }
            let kept = Allowance.KeptTurn(ticket: request.ticket, time: turn.time, isLong: isLong)
            plan.shared.keep(kept)
            plan.allowances[turn.credential]?.keep(kept)
            guard places[index].isRequest else { continue }
            places[index].kept = turn
            shared.keep(kept)
            allowances[turn.credential]?.keep(kept)
            left -= 1
        }
    }

    /// Whether one gateway's requests would get more kept turns: even if nothing changes a line, turns come closer over time.
    package func keepsMore(of owner: Int64, until horizon: Duration, at now: Duration) -> Bool {
        guard places.contains(where: { $0.isRequest && $0.kept == nil && $0.request.owner == owner }) else { return false }
        var later = self
        later.keepTurns(until: horizon, at: now)
        return later.keptTurns(of: owner).count > keptTurns(of: owner).count
    }

    private static func firstKeepable(
        for request: Request, from start: Duration, isLong: Bool, _ shared: Allowance, _ allowances: [String: Allowance]
    ) -> Kept? {
        var best: Kept?
        for name in request.credentials {
            guard let own = allowances[name] else { continue }
            var time = start
            // The moment is found when both have room and neither moves any further.
            for _ in 0..<10 {
                let moved = shared.firstKeepable(from: own.firstKeepable(from: time, isLong: isLong), isLong: isLong)
                guard moved > time else {
                    if best.map({ time < $0.time }) ?? true { best = Kept(credential: name, time: time) }
                    break
                }
                time = moved
            }
        }
        return best
    }

    /// The turns that are kept for one gateway's requests.
    package func keptTurns(of owner: Int64) -> [KeptTurn] {
        places.compactMap { place in
            guard let kept = place.kept, place.request.owner == owner else { return nil }
            return KeptTurn(ticket: place.request.ticket, credential: kept.credential, opens: kept.time, closes: kept.time + life(of: kept))
        }
    }

    /// A request left by its kept turn at that moment, which is reported to the line only now.
    package mutating func leftByKept(_ ticket: Int, with credential: String, at time: Duration) {
        guard let index = places.firstIndex(where: { $0.isRequest && $0.request.ticket == ticket }) else {
            // Its place is gone, but its call counts.
            guard departed[ticket] == nil else { return }
            giveUpKept(ticket)
            allowances[credential]?.take(ticket, at: time, now: time)
            return shared.take(ticket, at: time, now: time)
        }
        let place = places.remove(at: index)
        _ = depart(place.request, place.turn, place.arrival, credential, at: time, now: time)
    }

    /// How long any kept turn may be used.
    package var lifeOfKept: Duration { allowances.values.compactMap { $0.quota?.transit }.max() ?? (shared.quota ?? .documented).transit }

    private func life(of kept: Kept) -> Duration { lifeOfTurn(with: kept.credential) }

    private func quotaOrDocumented(of credential: String) -> Quota { allowances[credential]?.quota ?? shared.quota ?? .documented }

    mutating func giveUpKept(_ ticket: Int) {
        shared.giveUp(ticket)
        for name in allowances.keys { allowances[name]?.giveUp(ticket) }
    }

    mutating func giveUpAllKept() {
        shared.kept.removeAll()
        for name in allowances.keys { allowances[name]?.kept.removeAll() }
        for index in places.indices { places[index].kept = nil }
    }

    /// Turns of one gateway that have passed unused: only that gateway knows this.
    mutating func giveUpLateKept(of owner: Int64, at now: Duration) {
        for index in places.indices where places[index].request.owner == owner {
            guard let kept = places[index].kept, now > kept.time + life(of: kept) || kept.time > now + .seconds(60) else { continue }
            places[index].kept = nil
            giveUpKept(places[index].request.ticket)
        }
    }
}
