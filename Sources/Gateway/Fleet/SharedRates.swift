import Fleet
import NIOCore
import Policy
import Synchronization

/// Callers' rates in a fleet: each gateway limits by its own token bucket, reports every half second what it let through, and gets back how full
/// the fleet's bucket is.
///
/// The excess over the rate is bounded: a fleet of N lets through at most N times what one gateway lets through in half a second, once; then all
/// of them let through less until it is balanced. While the database is unreachable each gateway uses the whole rate.
final class SharedRates: Sendable {
    static let pace = TimeAmount.milliseconds(500)
    /// The number of rounds in which a caller is still queried after its last request here, so that a gateway knows what the
    /// others let through.
    private static let rounds = 20

    private let member: FleetMember
    private let allowances: CallerAllowances
    private let state = Mutex(State())

    private struct State {
        var recent = RecentCallers(rounds: SharedRates.rounds)
        var isUnderWay = false
    }

    init(member: FleetMember, allowances: CallerAllowances) {
        self.member = member
        self.allowances = allowances
    }

    /// One round; called every half second.
    func round() {
        let all = allowances.all
        let uses: [RateUse] = state.withLock { state in
            guard !state.isUnderWay else { return [] }
            var uses: [RateUse] = []
            for (caller, allowance) in all {
                let (count, interval) = allowance.takeUntold()
                if count > 0 { state.recent.wasSeen(caller) }
                guard interval > 0, state.recent.takeRound(of: caller) else { continue }
                uses.append(RateUse(caller: caller, spent: count, interval: interval))
            }
            state.isUnderWay = !uses.isEmpty
            return uses
        }
        guard !uses.isEmpty else { return }
        member.rates(uses) { [self] result in
            state.withLock { $0.isUnderWay = false }
            guard case .success(let levels) = result else { return }
            let now = Int64(NIODeadline.now().uptimeNanoseconds)
            for level in levels { all[level.caller]?.isFull(noEarlierThan: now &+ level.fullIn) }
        }
    }
}
