import Policy

/// The requests that one worker has under way, against its share of `limits.in_flight`.
///
/// A request whose sender can't be known before its body is whole (a signature covers it) could be held open by anybody who knows the id of a
/// key. Such requests have a part of the places to themselves, so that they never take those of callers who are known.
struct InFlight {
    /// Where a request is counted.
    enum Group {
        case none
        case proven
        case unproven
    }

    private(set) var proven = 0
    private(set) var unproven = 0
    private static let unprovenPart = 4

    mutating func enter(limit: Int) -> Group {
        guard proven < limit else { return .none }
        proven += 1
        return .proven
    }

    /// Counts a request anew whose sender is not known yet; `.none` when there are as many as may be.
    mutating func setAside(_ place: Group, limit: Int) -> Group {
        leave(place)
        guard unproven < max(1, limit / Self.unprovenPart) else { return .none }
        unproven += 1
        return .unproven
    }

    /// Counts a request whose sender is about to be known among the others; `.none` when there are as many as may be.
    mutating func admit(_ place: Group, limit: Int) -> Group {
        leave(place)
        return enter(limit: limit)
    }

    mutating func leave(_ place: Group) {
        switch place {
        case .none: break
        case .proven: proven -= 1
        case .unproven: unproven -= 1
        }
    }
}

/// An exchange's place among the requests under way. What is refused gives it back at once, whatever its answer still waits for.
extension Exchange {
    private var limit: Int { max(1, worker.limits.inFlight / worker.workerCount) }

    func takePlace() throws(Refusal) {
        place = worker.inFlight.enter(limit: limit)
        if place == .none { throw Refusal.tooManyInFlight }
    }

    /// Its sender is known only when the body is there.
    func setPlaceAside() throws(Refusal) {
        place = worker.inFlight.setAside(place, limit: limit)
        if place == .none { throw Refusal.tooManyInFlight }
    }

    func admitToPlaces() throws(Refusal) {
        place = worker.inFlight.admit(place, limit: limit)
        bodyLoan?.prove()
        if place == .none { throw Refusal.tooManyInFlight }
    }

    /// Gives back what counts as under way, of the gateway's and of the caller's. May be called again.
    func leavePlaces() {
        bodyLoan = nil
        worker.inFlight.leave(place)
        place = .none
        allowance?.leave()
        allowance = nil
    }
}
