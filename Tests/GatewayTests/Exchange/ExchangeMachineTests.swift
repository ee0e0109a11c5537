import Foundation
import Testing

@testable import Gateway

private typealias Machine = ExchangeMachine

@Suite struct ExchangeMachineTests {
    private static let states: [Machine.State] =
        [.deciding, .asking] + Machine.Step.allCases.map { .performing($0) } + Machine.Step.allCases.map { .waiting($0) }
        + [.calling, .holding, .relaying] + Machine.Ending.allCases.map { .closing($0) } + [.done]

    private static let inputs: [Machine.Input] =
        [.asks, .isAnswered, .decided] + Machine.Step.allCases.map { .passes($0) } + Machine.Step.allCases.map { .waits($0) }
        + Machine.Step.allCases.map { .wakes($0) }
        + [.changesLine, .leaves, .isWithheld, .answers(isHeld: true), .answers(isHeld: false), .passesOn, .leavesAgain]
        + Machine.Ending.allCases.map { .ends($0) } + [.tells, .recorded(isKept: true), .recorded(isKept: false)]

    /// One row of the table in `docs/architecture.md`.
    fileprivate struct Row: Hashable, CustomStringConvertible {
        let state: String
        let input: String
        let next: String
        let action: String

        var description: String { "| `\(state)` | `\(input)` | `\(next)` | \(action.isEmpty ? "" : "`\(action)`") |" }
    }

    /// Every transition; the endings of all states before `closing` are one row.
    private static var table: Set<Row> {
        var rows: Set<Row> = []
        for state in states {
            for input in inputs {
                guard let (next, action) = Machine.transition(from: state, on: input) else { continue }
                if case .ends(let ending) = input {
                    #expect(next == .closing(ending) && action == .nothing)
                    rows.insert(Row(state: "any before closing", input: "ends(E)", next: "closing(E)", action: ""))
                } else if case .closing = state, input == .tells {
                    #expect(next == state && action == .nothing)
                    rows.insert(Row(state: "closing(E)", input: "tells", next: "closing(E)", action: ""))
                } else if case .closing(let ending) = state {
                    #expect(next == .done && action == .answer(ending, isRecorded: input == .recorded(isKept: true)))
                    rows.insert(Row(state: "closing(E)", input: "recorded(isKept: K)", next: "done", action: "answer(E, isRecorded: K)"))
                } else {
                    rows.insert(Row(state: "\(state)", input: "\(input)", next: "\(next)", action: action == .nothing ? "" : "\(action)"))
                }
            }
        }
        return Set(rows.map(\.unqualified))
    }

    @Test func `the table of states in the documentation is the machine's`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let text = try String(contentsOf: root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
        let rows = Set(text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| `") && $0.split(separator: "|").count == 4 })
        let expected = Set(Self.table.map(\.description))
        #expect(expected.subtracting(rows).sorted() == [], "missing in the documentation")
        let documented = rows.filter { row in Self.states.contains { row.hasPrefix("| `\($0)`".unqualified) } }
        #expect(documented.subtracting(expected).sorted() == [], "not the machine's")
    }

    @Test func `what doesn't fit is late from outside, and a mistake of ours from inside; neither changes anything`() {
        for state in Self.states {
            for input in Self.inputs where Machine.transition(from: state, on: input) == nil {
                let walk = Walk(to: state)
                let before = walk.state
                #expect(before == state)
                #expect(walk.take(input) == (input.isFromOutside ? .nothing : .fail), "\(state), \(input)")
                #expect(walk.state == before)
            }
        }
    }

    @Test func `nothing leaves without a permit or before its record`() {
        let walk = Walk(to: .performing(.sending))
        #expect(walk.take(.leaves) == .nothing)
        // Back before sending, without a new permit: the line was changed.
        let second = Walk(to: .performing(.sending))
        _ = second.take(.changesLine)
        _ = second.take(.passes(.departure))
        _ = second.take(.passes(.record))
        #expect(second.take(.leaves) == .nothing, "the permit was not spent yet")
        let ahead = Walk(to: .performing(.record), isWriteAhead: true)
        _ = ahead.take(.passes(.record))
        #expect(ahead.state == .performing(.sending))
        #expect(ahead.take(.leaves) == .fail)
        let recorded = Walk(to: .performing(.record), isWriteAhead: true)
        _ = recorded.take(.waits(.record))
        #expect(recorded.take(.recorded(isKept: true)) == .perform(.sending))
        #expect(recorded.take(.leaves) == .nothing)
        #expect(recorded.take(.leaves) == .fail)
    }

    @Test func `steps that a request doesn't need are passed over, and a record that is needed is not`() {
        let read = Walk(omitting: [.sameKey, .exportQuota, .record])
        #expect(read.take(.decided) == .perform(.coalescing))
        #expect(read.take(.waits(.coalescing)) == .nothing)
        #expect(read.take(.wakes(.coalescing)) == .perform(.departure))
        #expect(read.take(.passes(.departure)) == .perform(.sending))
        #expect(read.take(.leaves) == .nothing)
        #expect(read.take(.leavesAgain) == .perform(.departure))
        #expect(read.take(.passes(.departure)) == .perform(.sending))
        let all = Walk(omitting: [.sameKey, .exportQuota, .coalescing, .departure, .record, .sending])
        #expect(all.take(.decided) == .perform(.sending), "a request is always sent")
        let ahead = Walk(isWriteAhead: true, omitting: [.sameKey, .exportQuota, .coalescing, .departure, .record, .sending])
        #expect(ahead.take(.decided) == .perform(.record))
        #expect(ahead.take(.waits(.record)) == .nothing)
        #expect(ahead.take(.recorded(isKept: true)) == .perform(.sending))
    }

    @Test func `an answer waits for every record that was asked for`() {
        let walk = Walk(to: .performing(.record), isWriteAhead: true)
        _ = walk.take(.waits(.record))
        #expect(walk.take(.ends(.cut)) == .nothing)
        #expect(walk.take(.recorded(isKept: true)) == .nothing)
        #expect(walk.state == .closing(.cut))
        #expect(walk.take(.recorded(isKept: true)) == .answer(.cut, isRecorded: true))
        #expect(walk.state == .done)
    }

    @Test func `an answer waits for what the fleet is told, and is not a recorded one when any record was lost`() {
        for (isKept, isLastKept) in [(true, true), (false, true), (true, false)] {
            let walk = Walk(to: .closing(.relayed))
            #expect(walk.take(.tells) == .nothing)
            #expect(walk.take(.tells) == .nothing)
            #expect(walk.take(.recorded(isKept: true)) == .nothing)
            #expect(walk.take(.recorded(isKept: isKept)) == .nothing)
            #expect(walk.state == .closing(.relayed))
            #expect(walk.take(.recorded(isKept: isLastKept)) == .answer(.relayed, isRecorded: isKept && isLastKept))
            #expect(walk.state == .done)
        }
    }

    /// Any inputs in any order, valid or not: the invariants hold.
    @Test func `holds its invariants whatever comes`() {
        var random = SplitMix64(seed: 11)
        for round in 0..<20_000 {
            let isWriteAhead = round % 2 == 0
            let walk = Walk(isWriteAhead: isWriteAhead, omitting: Machine.Steps(rawValue: UInt8(truncatingIfNeeded: random.next())))
            var (permits, ends, owed, answers, isDurable) = (0, 0, 0, 0, false)
            for _ in 0..<60 {
                let input = Self.inputs[Int(random.next() % UInt64(Self.inputs.count))]
                let before = walk.state
                let action = walk.take(input)
                if action == .fail {
                    #expect(walk.state == before)
                    continue
                }
                let isTaken = Machine.transition(from: before, on: input) != nil
                switch input {
                case .decided, .isWithheld, .leavesAgain: if isTaken { permits += 1 }
                case .leaves:
                    #expect(permits > 0 && (!isWriteAhead || isDurable))
                    permits = 0
                case .waits(.record): owed += 1
                case .ends: if isTaken { (ends, owed) = (ends + 1, owed + 1) }
                case .tells: if isTaken { owed += 1 }
                case .recorded(let isKept):
                    if owed > 0 {
                        owed -= 1
                        if before == .waiting(.record), isKept { isDurable = true }
                    }
                default: break
                }
                if case .answer = action {
                    answers += 1
                    #expect(ends == 1 && owed == 0)
                }
                #expect(ends <= 1 && answers <= 1)
            }
        }
    }

    /// Complete requests, with faults of journal, credential and upstream at every step, and callers that disconnect at any
    /// moment.
    @Test func `every request ends once, however its parts fail`() {
        var random = SplitMix64(seed: 12)
        var seen: Set<Machine.State> = []
        for _ in 0..<20_000 {
            var world = World(seed: random.next())
            world.run()
            #expect(world.answers == 1)
            #expect(world.failures == 0)
            #expect(world.walk.state == .done)
            seen.formUnion(world.seen)
        }
        #expect(seen == Set(Self.states), "every state was visited")
    }
}

/// A reference to a machine, so that an expectation may change it: the macro takes its operands apart, which doesn't work with
/// noncopyable values.
private final class Walk {
    private var machine = Machine()

    init(isWriteAhead: Bool = false, omitting steps: Machine.Steps = []) {
        if isWriteAhead { machine.writesAhead() }
        machine.omits(steps)
    }

    /// Takes the shortest path to a state.
    convenience init(to goal: Machine.State, isWriteAhead: Bool = false) {
        self.init(isWriteAhead: isWriteAhead || goal == .performing(.record) || goal == .waiting(.record))
        for input in Self.way(to: goal) { _ = take(input) }
    }

    var state: Machine.State { machine.state }
    func take(_ input: Machine.Input) -> Machine.Action { machine.take(input) }

    private static func way(to goal: Machine.State) -> [Machine.Input] {
        func before(_ step: Machine.Step) -> [Machine.Input] { [.decided] + Machine.Step.allCases.prefix { $0 != step }.map { .passes($0) } }
        return switch goal {
        case .deciding: []
        case .asking: [.asks]
        case .performing(let step): before(step)
        case .waiting(let step): before(step) + [.waits(step)]
        case .calling: before(.sending) + [.leaves]
        case .holding: before(.sending) + [.leaves, .answers(isHeld: true)]
        case .relaying: before(.sending) + [.leaves, .answers(isHeld: false)]
        case .closing(let ending): [.ends(ending)]
        case .done: [.ends(.cut), .recorded(isKept: true)]
        }
    }
}

/// The surroundings of one request, each part of which may fail.
private struct World {
    let walk: Walk
    private var random: SplitMix64
    private(set) var answers = 0
    private(set) var failures = 0
    private(set) var seen: Set<Machine.State> = []
    /// Records whose callback is still to come.
    private var owed = 0
    private var isEnding = false
    private var attempts = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        walk = Walk(isWriteAhead: seed % 2 == 0)
        needsRecord = seed % 2 == 0
    }

    private var needsRecord: Bool

    private mutating func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }

    mutating func run() {
        seen.insert(walk.state)
        if chance(20) { go(.asks) } else { decide() }
        // Bounded by the attempts and the ends of all waits.
        for _ in 0..<200 where walk.state != .done { happen() }
    }

    private mutating func decide() { if chance(10) { end(.refused) } else { go(.decided) } }

    /// An external event.
    private mutating func happen() {
        if chance(5) { return end(.cut) }
        if chance(10) { return go([.isAnswered, .wakes(.sameKey), .wakes(.departure), .wakes(.sending), .wakes(.record)][Int(random.next() % 5)]) }
        switch walk.state {
        case .deciding: decide()
        case .asking: go(.isAnswered)
        case .waiting(.record): owed -= 1; go(.recorded(isKept: !chance(15)))
        case .waiting(let step): if chance(15) { end(.refused) } else { go(.wakes(step)) }
        case .calling: answer()
        case .holding:
            switch random.next() % 4 {
            case 0: go(.passesOn)
            case 1: repeats()
            default: end(.refused)
            }
        case .relaying: end(chance(80) ? .relayed : .cut)
        case .closing: owed -= 1; go(.recorded(isKept: !chance(15)))
        case .performing, .done: break
        }
    }

    private mutating func answer() {
        switch random.next() % 6 {
        case 0: if attempts < 20 { go(.isWithheld) } else { end(.refused) }
        case 1: repeats()
        case 2: end(.refused)
        case 3: go(.answers(isHeld: true))
        default: go(.answers(isHeld: false))
        }
    }

    private mutating func repeats() { if attempts < 20 { go(.leavesAgain) } else { end(.refused) } }

    private mutating func end(_ ending: Machine.Ending) {
        guard !isEnding else { return }
        isEnding = true
        owed += 1
        go(.ends(ending))
        if chance(20) {
            owed += 1
            go(.tells)
        }
        // A journal that accepts no more records reports it at once.
        if chance(10) {
            owed -= 1
            go(.recorded(isKept: false))
        }
    }

    private mutating func go(_ first: Machine.Input) {
        var input = first
        while true {
            let action = walk.take(input)
            seen.insert(walk.state)
            switch action {
            case .nothing: return
            case .perform(let step):
                guard let outcome = perform(step) else { return }
                input = outcome
            case .refuseUnrecorded: return end(.refused)
            case .answer: answers += 1; return
            case .fail: failures += 1; return
            }
        }
    }

    private mutating func perform(_ step: Machine.Step) -> Machine.Input? {
        if chance(5) {
            end([.refused, .replayed, .relayed][Int(random.next() % 3)])
            return nil
        }
        switch step {
        case .record:
            guard needsRecord else { return .passes(.record) }
            needsRecord = false
            owed += 1
            return .waits(.record)
        case .sending:
            if chance(10) { return .changesLine }
            if chance(30) { return .waits(.sending) }
            attempts += 1
            return .leaves
        case .sameKey, .exportQuota, .coalescing, .departure: return chance(30) ? .waits(step) : .passes(step)
        }
    }
}

extension String {
    /// The text of a state or an input without the names of its types.
    fileprivate var unqualified: String {
        replacing("Gateway.ExchangeMachine.Step.", with: "").replacing("Gateway.ExchangeMachine.Ending.", with: "")
    }
}

extension ExchangeMachineTests.Row {
    fileprivate var unqualified: Self {
        Self(state: state.unqualified, input: input.unqualified, next: next.unqualified, action: action.unqualified)
    }
}
