import Fleet
import Policy
import Synchronization

/// Callers' limits of requests at a time in a fleet: each gateway tells the database every half second what each such caller has under way, and
/// hears what it has elsewhere. Until a gateway has heard, which takes that half second for a busy caller and a beat for one that was idle here,
/// it lets through what the limit leaves by its last knowledge: N gateways let through at most N times the limit, for no longer than that. While
/// the database is away each has the whole limit.
final class SharedSlots: Sendable {
    /// For so many rounds a caller is told of after its last request here.
    private static let rounds = 4

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
            for (caller, allowance) in allowances.all { allowance.isUsed(elsewhere: elsewhere[caller] ?? 0) }
            // One that has sent nothing here yet should meet what it has elsewhere all the same.
            for (caller, count) in elsewhere { allowances[caller].isUsed(elsewhere: count) }
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
