/// The state of one request: takes inputs, returns actions. Pure: no socket, no clock, no journal. `Exchange` passes events in and performs the
/// actions.
///
/// Invariants, checked where an input is taken:
/// 1. A request ends once, and appends at most one closing record (none if a summary record counts it). The answer is sent only after the callback
///    of every record that was appended and of every report to the fleet.
/// 2. Under write-ahead nothing is sent to HSS before its request record is durable.
/// 3. One permit allows one upstream request: sending consumes it, and another attempt needs a new one.
///
/// Inputs from outside (callbacks) may come late; the action is then `nothing`. An input from the exchange itself that doesn't fit the state is a
/// fault of the gateway: the request ends with 5000.
struct ExchangeMachine: ~Copyable {
    /// The steps after the decision, in order. Each step passes, waits, or ends the request.
    enum Step: String, CaseIterable {
        /// An export's `Idempotency-Key`.
        case sameKey
        /// The caller's daily limit of exports.
        case exportQuota
        /// An equal read of another exchange.
        case coalescing
        /// The turn under HSS's quota.
        case departure
        /// The request record, under write-ahead.
        case record
        /// The credential is added and the request is sent.
        case sending

        /// The next step.
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

        /// Whether the step is repeated after its wait; otherwise the end of the wait completes it.
        var isRepeatedWhenWoken: Bool { self == .sameKey || self == .sending }

        /// The step as a set of one.
        fileprivate var asSet: Steps {
            switch self {
            case .sameKey: .sameKey
            case .exportQuota: .exportQuota
            case .coalescing: .coalescing
            case .departure: .departure
            case .record: .record
            case .sending: .sending
            }
        }
    }

    /// Several steps.
    struct Steps: OptionSet {
        let rawValue: UInt8

        static let sameKey = Steps(rawValue: 1 << 0)
        static let exportQuota = Steps(rawValue: 1 << 1)
        static let coalescing = Steps(rawValue: 1 << 2)
        static let departure = Steps(rawValue: 1 << 3)
        static let record = Steps(rawValue: 1 << 4)
        static let sending = Steps(rawValue: 1 << 5)
    }

    /// How the caller is answered once the closing record is safe.
    enum Ending: String, CaseIterable {
        /// The whole answer of HSS.
        case relayed
        /// A refusal of the gateway's own.
        case refused
        /// An answer that HSS isn't asked for: the task that the same export created before, or a page of the gateway's own.
        case replayed
        /// Nothing: the connection is cut.
        case cut
    }

    enum State: Hashable {
        /// The head, the caller and the body are checked.
        case deciding
        /// An answer from elsewhere is needed before the request can be decided: the keys of a token's issuer, or from the fleet whether a
        /// signature is new and who owns an export.
        case asking
        case performing(Step)
        case waiting(Step)
        /// A request to HSS is under way.
        case calling
        /// Its answer is buffered, because its content decides what happens next.
        case holding
        case relaying
        /// The closing record is being written; the rest of the answer is sent after it.
        case closing(Ending)
        case done
    }

    enum Input: Hashable {
        /// The decision needs an answer from elsewhere.
        case asks
        case isAnswered
        /// The request is allowed; provides its first permit.
        case decided
        case passes(Step)
        case waits(Step)
        /// What a step waited for has arrived.
        case wakes(Step)
        /// The turn is no longer valid, or its credential was suspended: the request needs another turn.
        case changesLine
        /// The request is handed to the transport, which consumes a permit.
        case leaves
        /// The request had a connection, but its credential's window of trust was full: nothing was sent. Provides another permit.
        case isWithheld
        /// The head of HSS's answer has arrived.
        case answers(isHeld: Bool)
        /// The held answer is passed on to the caller.
        case passesOn
        /// The answer to this attempt is not passed on, and the request is sent again. Provides another permit.
        case leavesAgain
        case ends(Ending)
        /// The end is also reported to the fleet's database; the exchange waits for that as for a record.
        case tells
        /// A record was kept or can't be kept, or the report to the fleet is done.
        case recorded(isKept: Bool)

        /// Whether it may come too late: a callback from outside, or an end, because several things may end a request at once.
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
        /// The request record can't be kept: nothing is sent.
        case refuseUnrecorded
        /// Answer the caller accordingly; if the record was not kept, the answer must not claim success.
        case answer(Ending, isRecorded: Bool)
        /// A fault of the gateway.
        case fail
    }

    private(set) var state = State.deciding
    /// Steps that this request doesn't need.
    private var omitted: Steps = []
    /// Whether the request record has to be durable first.
    private var isWriteAhead = false
    private var isWrittenAhead = false
    private var permits = 0
    /// Number of callbacks still due from the journal and the fleet: two if a caller leaves while the request record is being written, and at the end
    /// of an export in a fleet.
    private var awaitedRecords = 0
    /// A record could not be kept while another callback was still due.
    private var hasLostRecord = false

    /// Whether the request is ending.
    var isEnding: Bool {
        switch state {
        case .closing, .done: true
        case .deciding, .asking, .performing, .waiting, .calling, .holding, .relaying: false
        }
    }

    /// Whether a request record still has to be written before the request is sent.
    private var needsRecord: Bool { isWriteAhead && !isWrittenAhead }

    /// Whether the request may be handed to the transport now. Must be checked first, because a request that was handed over can't be taken back.
    var mayBeSent: Bool { state == .performing(.sending) && permits > 0 && !needsRecord }

    /// The request needs a durable record before it is sent.
    mutating func writesAhead() { isWriteAhead = true }

    /// The request doesn't need these steps: they pass without being performed.
    mutating func omits(_ steps: Steps) { omitted.formUnion(steps) }

    /// The record is not up to the exchange: it is left out exactly when none is needed (`needsRecord`).
    private func isOmitted(_ step: Step) -> Bool { step == .record ? !needsRecord : omitted.contains(step.asSet) }

    /// Takes an event and returns the resulting action.
    mutating func take(_ input: Input) -> Action {
        guard var (next, action) = Self.transition(from: state, on: input) else { return input.isFromOutside ? late(input) : .fail }
        while case .perform(let step) = action, isOmitted(step), let following = step.next {
            (next, action) = (.performing(following), .perform(following))
        }
        switch input {
        case .decided, .isWithheld, .leavesAgain: permits += 1
        case .leaves:
            guard mayBeSent else { return .fail }
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

    /// A callback of the journal that nothing waits for still decrements the number of those due.
    private mutating func late(_ input: Input) -> Action {
        if case .recorded = input, awaitedRecords > 0 { awaitedRecords -= 1 }
        return .nothing
    }

    /// All transitions; nil if the input doesn't fit the state.
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
