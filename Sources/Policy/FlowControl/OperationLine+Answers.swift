extension OperationLine {
    /// An answer came, whatever it says but 429.
    package mutating func answered(_ ticket: Int, at now: Duration) {
        guard let call = departed.removeValue(forKey: ticket) else { return }
        allowances[call.credential]?.arrived(ticket, by: now)
        shared.arrived(ticket, by: now)
        paces[call.credential]?.succeeded()
        sharedPace.succeeded()
    }

    /// The call was let go and never left, or its end is unknown.
    /// - Parameter hasLeft: whether the upstream may have seen it; then it keeps counting.
    package mutating func ended(_ ticket: Int, hasLeft: Bool) {
        guard let call = departed.removeValue(forKey: ticket), !hasLeft else { return }
        allowances[call.credential]?.giveBack(ticket)
        shared.giveBack(ticket)
    }

    /// The upstream said 429: the call was not executed. It takes its old turn again while its time lasts.
    /// - Returns: what becomes of it, and of those whose turn moved beyond their time.
    package mutating func throttled(_ ticket: Int, _ notice: QuotaNotice, at now: Duration) -> (verdict: Verdict, news: [News]) {
        guard let call = departed.removeValue(forKey: ticket) else { return (.refuse(retryAfter: .seconds(1)), []) }
        allowances[call.credential]?.arrived(ticket, by: now)
        shared.arrived(ticket, by: now)
        learn(notice, credential: call.credential, departure: call.time, at: now)
        let verdict = rejoin(call.request, turn: call.turn, arrival: call.arrival, at: now)
        return (verdict, refuseHopeless(at: now))
    }

    /// The same for a call that left while its operation was not paced.
    package mutating func throttled(
        unpaced request: Request, credential: String, notice: QuotaNotice, departure: Duration, at now: Duration
    ) -> (verdict: Verdict, news: [News]) {
        for name in request.credentials where allowances[name] == nil { allowances[name] = Allowance(quota: nil) }
        learn(notice, credential: credential, departure: departure, at: now)
        let verdict = rejoin(request, turn: turn(of: request), arrival: departure, at: now)
        return (verdict, refuseHopeless(at: now))
    }

    /// Calls of a credential that left before the operation was paced.
    package mutating func remember(_ departures: [Duration], credential: String) {
        allowances[credential]?.remember(departures)
        shared.remember(departures)
    }

    private mutating func rejoin(_ request: Request, turn: Int, arrival: Duration, at now: Duration) -> Verdict {
        let deadline = arrival + rules.longestWait
        let (index, time) = position(for: request, turn: turn, deadline: deadline, at: now)
        guard max(time, now) <= deadline else { return refuse(request, turn: turn, arrival: arrival, index: index, time: time, at: now) }
        places.insert(Place(request: request, turn: turn, arrival: arrival, holder: .request(deadline: deadline)), at: index)
        return .wait
    }

    private mutating func learn(_ notice: QuotaNotice, credential: String, departure: Duration, at now: Duration) {
        guard rules.pace == .adaptive else {
            guard case .fixed(let perOperation, let perAPI) = rules.pace else { return }
            // Somebody else uses the quota too, or the gateway has just been restarted: a pause, and the pace stays what it is.
            switch notice.scope {
            case .credential: allowances[credential]?.hold(until: now + LearntPace.pause(perOperation, streak: 1))
            case .all: shared.hold(until: now + LearntPace.pause(perAPI, streak: 1))
            }
            return
        }
        switch notice.scope {
        case .credential:
            let pause = paces[credential, default: LearntPace()].throttled(notice, departure: departure, at: now)
            allowances[credential]?.set(paces[credential]?.quota)
            allowances[credential]?.hold(until: now + pause)
        case .all:
            let pause = sharedPace.throttled(notice, departure: departure, at: now)
            shared.set(sharedPace.quota)
            shared.hold(until: now + pause)
        }
    }

    /// A 429 moved the turns: whoever can't leave within its time any more is told now, not when the time is up.
    private mutating func refuseHopeless(at now: Duration) -> [News] {
        var news: [News] = []
        // Each pass turns one request into a claim, so there are at most as many as requests.
        while true {
            let times = forecast(of: places, at: now)
            let hopeless = places.indices.last { index in places[index].deadline.map { times[index] > $0 } ?? false }
            guard let index = hopeless else { return news }
            let place = places.remove(at: index)
            let verdict = refuse(place.request, turn: place.turn, arrival: place.arrival, index: index, time: times[index], at: now)
            news.append(News(ticket: place.request.ticket, verdict: verdict))
        }
    }

    /// Time passes for what was learnt.
    mutating func pass(to now: Duration) {
        guard rules.pace == .adaptive else { return }
        let isWanted = !places.isEmpty
        for name in paces.keys where paces[name]?.pass(to: now, isWanted: isWanted) == true { allowances[name]?.set(paces[name]?.quota) }
        if sharedPace.pass(to: now, isWanted: isWanted) { shared.set(sharedPace.quota) }
    }
}
