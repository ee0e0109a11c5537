import Policy

/// The requests that one worker has under way, against its share of `limits.in_flight`.
///
/// If a signature covers the body, the sender can't be recognised before the body is complete: an attacker who knows the id of a key could hold such
/// a request open. These requests have a separate share of the places, so that they never use up those of recognised callers.
struct InFlight {
    /// The group in which a request is counted.
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

    /// Moves a request whose sender is not yet recognised to the separate share; `.none` if that is full.
    mutating func setAside(_ place: Group, limit: Int) -> Group {
        leave(place)
        guard unproven < max(1, limit / Self.unprovenPart) else { return .none }
        unproven += 1
        return .unproven
    }

    /// Moves a request whose sender is about to be recognised to the other requests; `.none` if the limit is reached.
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
