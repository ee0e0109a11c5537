/// The state of one request: takes inputs, returns actions. Pure: no socket, no clock, no journal. `Exchange` tells it what happens and performs
/// the actions.
///
/// Invariants, checked where an input is taken:
/// 1. Exactly one closing record: the request ends once, and the answer is let go only when every record that was asked for has been heard of.
/// 2. Under write-ahead nothing leaves for HSS before its request record is durable.
/// 3. A permit pays for one upstream request: each one that leaves spends it, and another attempt brings another.
///
/// What comes from outside may come late, and is then answered by `nothing`. An input of the exchange's own that doesn't fit is a mistake of
/// ours: the request ends with 5000.
struct ExchangeMachine: ~Copyable {
    /// What is done one after the other once the request is decided. Each step passes, waits, or ends the request.
    enum Step: String, CaseIterable {
        /// An export's `Idempotency-Key`.
        case sameKey
        /// The caller's exports of the day.
        case exportQuota
        /// The same read of somebody else.
        case coalescing
        /// The turn before HSS's quota.
        case departure
        /// The request record, under write-ahead.
        case record
        /// The credential goes on, and the request goes out.
        case sending

        /// The next one.
        var next: Step? {
            switch self {
            case .sameKey: .exportQuota
            case .exportQuota: .coalescing
            case .coalescing: .departure
            case .departure: .record
            case .record: .sending
            case .sending: nil
            }
        }

        /// Whether it is done again when what it waited for is there; otherwise it has passed then.
        var isRepeatedWhenWoken: Bool { self == .sameKey || self == .sending }
    }

    /// How the caller is answered once the closing record is safe.
    enum Ending: String, CaseIterable {
        /// The whole answer of HSS.
        case relayed
        /// A refusal of the gateway's own.
        case refused
        /// The task that the same export made before.
        case replayed
        /// Nothing more: the connection is cut.
        case cut
    }

    enum State: Hashable {
        /// The head, the caller and the body are judged.
        case deciding
        /// An answer from elsewhere is needed before the request can be decided: the keys of a token's issuer, or from the fleet whether a
        /// signature is new and who owns an export.
        case asking
        case performing(Step)
        case waiting(Step)
        /// A request to HSS is under way.
        case calling
        /// Its answer is read, before it is known what happens next.
        case holding
        case relaying
        /// The closing record is under way; what is held back follows it.
        case closing(Ending)
        case done
    }

    enum Input: Hashable {
        /// Something that the decision needs is asked for elsewhere.
        case asks
        case isAnswered
        /// The request may be made; this brings its first permit.
        case decided
        case passes(Step)
        case waits(Step)
        /// What a step waited for is there.
        case wakes(Step)
        /// The turn is no longer good, or its credential was suspended: the request needs another turn.
        case changesLine
        /// The request is handed to the transport, on a permit.
        case leaves
        /// It had a connection, and its credential had no place in the window of trust: nothing was sent. This brings another permit.
        case isWithheld
        /// HSS's head is there.
        case answers(isHeld: Bool)
        /// What was held goes to the caller.
        case passesOn
        /// This attempt is not shown to the caller, and another one is due; this brings another permit.
        case leavesAgain
        case ends(Ending)
        /// The fleet's database is told of the end as well; the exchange waits for that as for a record.
        case tells
        /// A record was kept, or can't be; or the fleet was told.
        case recorded(isKept: Bool)

        /// Whether it is a callback from outside the exchange, which may come too late.
        var isFromOutside: Bool {
            switch self {
            case .isAnswered, .wakes, .isWithheld, .answers, .ends, .recorded: true
            case .asks, .decided, .passes, .waits, .changesLine, .leaves, .passesOn, .leavesAgain, .tells: false
            }
        }
    }

    enum Action: Equatable {
        case nothing
        case perform(Step)
        /// The request record can't be kept: nothing leaves.
        case refuseUnrecorded
        /// Answer the caller so, or what can honestly be said when the record was not kept.
        case answer(Ending, isRecorded: Bool)
        /// A mistake of ours.
        case fail
    }

    private(set) var state = State.deciding
    /// Whether the request record has to be durable first.
    private var isWriteAhead = false
    private var isWrittenAhead = false
    private var permits = 0
    /// Callbacks that are still due from the journal and the fleet. There are two when a caller leaves while the request record is under way, and
    /// when an export of a fleet ends.
    private var awaitedRecords = 0
    /// A record could not be kept, while another callback was still due.
    private var hasLostRecord = false

    /// Whether the request's end is decided.
    var isEnding: Bool {
        switch state {
        case .closing, .done: true
        case .deciding, .asking, .performing, .waiting, .calling, .holding, .relaying: false
        }
    }

    /// Whether a request record is still owed before the request may leave.
    var needsRecord: Bool { isWriteAhead && !isWrittenAhead }

    /// Whether the request may be handed to the transport now. Asked before that, because a request that was handed over can't be taken back.
    var mayLeave: Bool { state == .performing(.sending) && permits > 0 && !needsRecord }

    /// The request was found to need a durable record before it leaves.
    mutating func writesAhead() { isWriteAhead = true }

    /// Takes what happened, and says what follows.
    mutating func take(_ input: Input) -> Action {
        guard let (next, action) = Self.transition(from: state, on: input) else { return input.isFromOutside ? late(input) : .fail }
        switch input {
        case .decided, .isWithheld, .leavesAgain: permits += 1
        case .leaves:
            guard mayLeave else { return .fail }
            permits = 0
        case .waits(.record), .ends, .tells: awaitedRecords += 1
        case .recorded(let isKept):
            awaitedRecords -= 1
            if isEnding, !isKept { hasLostRecord = true }
            guard awaitedRecords == 0 else { return .nothing }
            if case .performing(.sending) = next { isWrittenAhead = true }
            if hasLostRecord, case .answer(let ending, _) = action {
                state = next
                return .answer(ending, isRecorded: false)
            }
        case .asks, .isAnswered, .passes, .waits, .wakes, .changesLine, .answers, .passesOn: break
        }
        state = next
        return action
    }

    /// A callback of the journal that comes when nothing waits for it still counts down those that are due.
    private mutating func late(_ input: Input) -> Action {
        if case .recorded = input, awaitedRecords > 0 { awaitedRecords -= 1 }
        return .nothing
    }

    /// Every transition there is; nil where an input doesn't fit a state.
    static func transition(from state: State, on input: Input) -> (State, Action)? {
        if case .ends(let ending) = input {
            switch state {
            case .closing, .done: return nil
            case .deciding, .asking, .performing, .waiting, .calling, .holding, .relaying: return (.closing(ending), .nothing)
            }
        }
        switch (state, input) {
        case (.deciding, .asks): return (.asking, .nothing)
        case (.asking, .isAnswered): return (.deciding, .nothing)
        case (.deciding, .decided): return (.performing(.sameKey), .perform(.sameKey))
        case (.performing(let step), .passes(let passed)) where passed == step: return step.next.map { (.performing($0), .perform($0)) }
        case (.performing(let step), .waits(let waiting)) where waiting == step: return (.waiting(step), .nothing)
        case (.waiting(.record), .recorded(true)): return (.performing(.sending), .perform(.sending))
        case (.waiting(.record), .recorded(false)): return (.performing(.record), .refuseUnrecorded)
        case (.waiting(let step), .wakes(let woken)) where woken == step && step != .record:
            if step.isRepeatedWhenWoken { return (.performing(step), .perform(step)) }
            return step.next.map { (.performing($0), .perform($0)) }
        case (.performing(.sending), .changesLine): return (.performing(.departure), .perform(.departure))
        case (.performing(.sending), .leaves): return (.calling, .nothing)
        case (.calling, .isWithheld): return (.performing(.sending), .perform(.sending))
        case (.calling, .answers(let isHeld)): return (isHeld ? .holding : .relaying, .nothing)
        case (.holding, .passesOn): return (.relaying, .nothing)
        case (.calling, .leavesAgain), (.holding, .leavesAgain): return (.performing(.departure), .perform(.departure))
        case (.closing(let ending), .tells): return (.closing(ending), .nothing)
        case (.closing(let ending), .recorded(let isKept)): return (.done, .answer(ending, isRecorded: isKept))
        default: return nil
        }
    }
}
