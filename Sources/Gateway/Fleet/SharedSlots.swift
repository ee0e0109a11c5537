import Fleet
import Policy
import Synchronization

/// Callers' limits of concurrent requests in a fleet: each gateway reports every half second how many each such caller has under way, and gets
/// back how many it has elsewhere. Until a gateway has that answer, which takes half a second for a busy caller and a heartbeat for one that was
/// idle here, it uses the last known number: N gateways let through at most N times the limit, for no longer than that. While the database is
/// unreachable each gateway uses the whole limit.
final class SharedSlots: Sendable {
    /// The number of rounds in which a caller is still reported after its last request here.
    private static let rounds = 4
    /// More callers than are ever configured; the database may name any, and none is forgotten.
    private static let mostCallers = 20_000

    private let member: FleetMember
    private let allowances: CallerAllowances
    private let state = Mutex(State())

    private struct State {
        var recent = RecentCallers(rounds: SharedSlots.rounds)
        var isUnderWay = false
    }

    init(member: FleetMember, allowances: CallerAllowances) {
        self.member = member
        self.allowances = allowances
        member.whenUsed { [allowances] elsewhere in
            let known = allowances.all
            for (caller, allowance) in known { allowance.isUsed(elsewhere: elsewhere[caller] ?? 0) }
            // A caller that has sent nothing here yet is limited by what it has elsewhere, too.
            let others = elsewhere.filter { known[$0.key] == nil }
            for (caller, count) in others.prefix(max(0, Self.mostCallers - known.count)) { allowances[caller].isUsed(elsewhere: count) }
        }
    }

    /// One round; called every half second.
    func round() {
        let all = allowances.all
        let uses: [SlotUse] = state.withLock { state in
            guard !state.isUnderWay else { return [] }
            var uses: [SlotUse] = []
            for (caller, allowance) in all {
                let (count, wasCounted) = allowance.takeRunning()
                if count > 0 || wasCounted { state.recent.wasSeen(caller) }
                guard state.recent.takeRound(of: caller) else { continue }
                uses.append(SlotUse(caller: caller, used: count))
            }
            state.isUnderWay = !uses.isEmpty
            return uses
        }
        guard !uses.isEmpty else { return }
        member.slots(uses) { [self] result in
            state.withLock { $0.isUnderWay = false }
            switch result {
            case .success(let levels): for level in levels { all[level.caller]?.isUsed(elsewhere: level.used) }
            case .failure: for use in uses { all[use.caller]?.isUsed(elsewhere: 0) }
            }
        }
    }
}
