import Policy

/// The possible enforcements of a quota by an upstream; HSS doesn't document which of these it uses.
struct UpstreamWindow {
    enum Kind: String, CaseIterable {
        case sliding
        /// Whole periods of the upstream's own clock.
        case fixed
        /// A token bucket with the limit as its size, refilled evenly.
        case bucket
    }

    let kind: Kind
    let quota: Quota
    /// Where the upstream's periods begin.
    var phase = Duration.zero
    /// Whether refused calls count too.
    var countsRejected = false
    private(set) var admitted = 0
    private(set) var rejected = 0
    private var recent: [Duration] = []
    private var tokens: Double
    private var refilled = Duration.zero

    init(_ kind: Kind, _ quota: Quota, phase: Duration = .zero, countsRejected: Bool = false) {
        self.kind = kind
        self.quota = quota
        self.phase = phase
        self.countsRejected = countsRejected
        tokens = Double(quota.limit)
    }

    /// A call arrives; returns whether it is accepted.
    mutating func admit(at now: Duration) -> Bool {
        let isIn: Bool
        switch kind {
        case .sliding:
            recent.removeAll { $0 + quota.period <= now }
            isIn = recent.count < quota.limit
            if isIn || countsRejected { recent.append(now) }
        case .fixed:
            let window = Int((now + phase) / quota.period)
            recent.removeAll { Int(($0 + phase) / quota.period) != window }
            isIn = recent.count < quota.limit
            if isIn || countsRejected { recent.append(now) }
        case .bucket:
            tokens = min(Double(quota.limit), tokens + (now - refilled) / quota.period * Double(quota.limit))
            refilled = now
            isIn = tokens >= 1
            if isIn || countsRejected { tokens = max(0, tokens - 1) }
        }
        if isIn { admitted += 1 } else { rejected += 1 }
        return isIn
    }
}
