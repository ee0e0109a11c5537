extension OperationLine {
    /// An answer other than 429 came.
    package mutating func answered(_ ticket: Int, at now: Duration) {
        guard let call = departed.removeValue(forKey: ticket) else { return }
        allowances[call.credential]?.arrived(ticket, by: now)
        shared.arrived(ticket, by: now)
        paces[call.credential]?.succeeded()
        sharedPace.succeeded()
    }

    /// The call was released and not sent, or its end is unknown.
    /// - Parameter hasLeft: whether the upstream may have received it; then it keeps counting.
    package mutating func ended(_ ticket: Int, hasLeft: Bool) {
        guard let call = departed.removeValue(forKey: ticket), !hasLeft else { return }
        allowances[call.credential]?.giveBack(ticket)
        shared.giveBack(ticket)
    }

    /// The upstream answered 429: the call was not executed. It takes its old turn again while its time
    /// lasts.
    /// - Returns: the result for it, and for those whose turn moved beyond their time.
    package mutating func throttled(_ ticket: Int, _ notice: QuotaNotice, at now: Duration) -> (verdict: Verdict, resolutions: [Resolution]) {
        guard let call = departed.removeValue(forKey: ticket) else {
            // A repetition over a state that was stored without an answer, see `arrive`.
            return (standing(of: ticket) == .waiting ? .wait : .refuse(retryAfter: .seconds(1)), [])
        }
        if case .fixed = rules.pace {
            // The upstream didn't execute it. If it counted for the whole configured period, which may be far longer than the upstream's
            // own, a burst of refused calls would leave nothing for the others.
            allowances[call.credential]?.giveBack(ticket)
            shared.giveBack(ticket)
        } else {
            allowances[call.credential]?.arrived(ticket, by: now)
            shared.arrived(ticket, by: now)
        }
        learn(notice, credential: call.credential, departure: call.time, at: now)
        let verdict = rejoin(call.request, turn: call.turn, arrival: call.arrival, at: now)
        return (verdict, refuseHopeless(at: now))
    }

    /// The same for a call that left while its operation was not paced.
    package mutating func throttled(
        unpaced request: Request, credential: String, notice: QuotaNotice, departure: Duration, at now: Duration
    ) -> (verdict: Verdict, resolutions: [Resolution]) {
        for name in request.credentials where allowances[name] == nil { allowances[name] = Allowance(quota: nil) }
        learn(notice, credential: credential, departure: departure, at: now)
        let verdict = rejoin(request, turn: turn(of: request), arrival: departure, at: now)
        return (verdict, refuseHopeless(at: now))
    }

    /// A request heard of its turn too late to use it: the turn is free again, and the request takes another at its old place while its time lasts.
    /// - Parameter start: since when it has been waiting, if the line doesn't know it any more.
    package mutating func missed(_ request: Request, since start: Duration, at now: Duration) -> Verdict? {
        guard let call = departed[request.ticket] else { return arrive(request, since: start, at: now, hasRoom: true) }
        ended(request.ticket, hasLeft: false)
        return rejoin(call.request, turn: call.turn, arrival: call.arrival, at: now)
    }

    /// A request has waited for as long as it may, and is refused: its turn is kept for its caller, as for one that is refused at once.
    /// - Returns: nil when it doesn't wait here.
    package mutating func refuseWaiting(_ ticket: Int, at now: Duration) -> Verdict? {
        guard let index = places.firstIndex(where: { $0.isRequest && $0.request.ticket == ticket }) else { return nil }
        let place = places.remove(at: index)
        giveUpKept(ticket)
        let time = forecast(of: Array(places[..<index]) + [place], at: now)[index]
        return refuse(place.request, turn: place.turn, arrival: place.arrival, index: index, time: max(time, now + .seconds(1)), at: now)
    }

    /// A call that left before the operation was paced, and was not refused.
    package struct Departure: Sendable {
        package let caller: String
        package let time: Duration

        package init(caller: String, time: Duration) {
            self.caller = caller
            self.time = time
        }
    }

    /// Calls of a credential that left before the operation was paced. They count, and each of them was a turn of its caller: callers with
    /// many of them are queued behind those with none.
    /// - Returns: those whose turn moved beyond their time.
    package mutating func remember(_ departures: [Departure], credential: String, at now: Duration) -> [Resolution] {
        allowances[credential]?.remember(departures.map(\.time))
        shared.remember(departures.map(\.time))
        let period = (allowances[credential]?.quota ?? shared.quota ?? .documented).period
        for (caller, own) in Dictionary(grouping: departures.filter { now - $0.time < period }, by: \.caller) {
            credit(caller, with: own.count)
        }
        return refuseHopeless(at: now)
    }

    /// One of those never reached the upstream after all.
    package mutating func forget(_ departure: Duration, credential: String) {
        allowances[credential]?.giveBack(departedAt: departure)
        shared.giveBack(departedAt: departure)
    }

    private mutating func rejoin(_ request: Request, turn: Int, arrival: Duration, at now: Duration) -> Verdict {
        let deadline = arrival + rules.longestWait
        let (index, time) = position(for: request, turn: turn, deadline: deadline, at: now)
        guard max(time, now) <= deadline else { return refuse(request, turn: turn, arrival: arrival, index: index, time: time, at: now) }
        places.insert(Entry(request: request, turn: turn, arrival: arrival, holder: .request(deadline: deadline)), at: index)
        return .wait
    }

    /// Adjusts the pace after a 429. A configured pace stays, and is kept in addition to the one that the upstream states. If it states
    /// none, the configured calls are spread evenly, since the upstream seems to count in shorter spans.
    private mutating func learn(_ notice: QuotaNotice, credential: String, departure: Duration, at now: Duration) {
        // They were computed with another quota. A request that uses one of them before its gateway knows of
        // this gets a 429 as well.
        giveUpAllKept()
        var (own, all) = (Quota.documented, Quota.documented)
        if case .fixed(let perOperation, let perAPI) = rules.pace { (own, all) = (perOperation.spread, perAPI.spread) }
        switch notice.scope {
        case .credential:
            let pause = paces[credential, default: LearntPace()].throttled(notice, assumed: own, departure: departure, at: now)
            let (quota, end) = (quotaInForce(for: credential), now + max(pause, shortestPause(own)))
            allowances[credential]?.set(quota)
            allowances[credential]?.hold(until: end)
        case .all:
            let pause = sharedPace.throttled(notice, assumed: all, departure: departure, at: now)
            let (quota, end) = (sharedQuotaInForce, now + max(pause, shortestPause(all)))
            shared.set(quota)
            shared.hold(until: end)
        }
    }

    /// With a configured pace, another user of the quota exists or the gateway has just been restarted: one call's share of time is left to
    /// them.
    private func shortestPause(_ spread: Quota) -> Duration {
        if case .fixed = rules.pace { spread.period } else { .zero }
    }

    /// A 429 or another pace moved the turns: requests whose turn would now come too late are refused at once, not when their time is up.
    mutating func refuseHopeless(at now: Duration) -> [Resolution] {
        var resolutions: [Resolution] = []
        // Each pass turns one request into a claim, so there are at most as many passes as requests.
        while true {
            let times = forecast(of: places, at: now)
            let hopeless = places.indices.last { index in places[index].deadline.map { times[index] > $0 } ?? false }
            guard let index = hopeless else { return resolutions }
            let place = places.remove(at: index)
            let verdict = refuse(place.request, turn: place.turn, arrival: place.arrival, index: index, time: times[index], at: now)
            resolutions.append(Resolution(ticket: place.request.ticket, verdict: verdict))
        }
    }

    /// Applies the passing of time to the learnt pace.
    mutating func pass(to now: Duration) {
        guard rules.pace != .off else { return }
        let isWanted = !places.isEmpty
        for name in paces.keys where paces[name]?.pass(to: now, isWanted: isWanted) == true {
            let quota = quotaInForce(for: name)
            allowances[name]?.set(quota)
        }
        guard sharedPace.pass(to: now, isWanted: isWanted) else { return }
        let quota = sharedQuotaInForce
        shared.set(quota)
    }
}
