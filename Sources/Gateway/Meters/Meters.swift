package import Audit
import Catalogue
import Transport

/// One worker's counts. Confined to its event loop; `reading` returns a copy.
///
/// Every label comes from a bounded set: operations from the catalogue, callers and credentials from the configuration, statuses from HTTP. So
/// nothing here grows with the number of requests.
package final class Meters {
    /// The labels under which a request is counted.
    package struct RequestKey: Hashable, Sendable {
        package let caller: String
        /// The operation's index; nil when none was found.
        package let operation: Int?
        package let method: String
        package let status: Int
        package let outcome: Record.Outcome
        package let source: Record.Source

        /// Methods outside the API would be an unbounded label: all of them are counted here.
        private static let otherMethod = "_OTHER"

        /// Makes the key from the members of a record.
        init(caller: String?, operation: Int?, method: String?, status: Int?, outcome: Record.Outcome?, source: Record.Source?) {
            self.caller = caller ?? ""
            self.operation = operation
            self.method =
                switch method {
                case "GET", "POST", "HEAD", "PUT", "DELETE": method ?? ""
                default: Self.otherMethod
                }
            self.status = status ?? 0
            self.outcome = outcome ?? .unknown
            self.source = source ?? .gateway
        }
    }

    /// The labels under which a call is counted that matched a rule on trial.
    package struct TrialKey: Hashable, Sendable {
        package let rule: String
        package let caller: String
        package let operation: Int?
    }

    /// The labels under which a call to HSS is counted: host, status (0 without an answer), and the fault as one word (empty without one).
    package struct CallKey: Hashable, Sendable {
        package let address: String
        package let status: Int
        package let error: String
    }

    /// A copy of all counts since the start.
    package struct Reading: Sendable {
        package var requests = HistogramTable<RequestKey>()
        package var calls = HistogramTable<CallKey>()
        package var refusals: [RefusalCode: UInt64] = [:]
        /// Refusals without a record of their own.
        package var summedRefusals: UInt64 = 0
        package var retries: [String: UInt64] = [:]
        /// Calls that a rule of the action `log` would have refused.
        package var trials: [TrialKey: UInt64] = [:]
        package var activeRequests = 0
        package var connections = 0
        package var flow = FlowMeters()
        /// Waiting requests and the quotas in force; the same for all workers.
        package var waiting = FlowControl.Reading()

        mutating func add(_ other: Reading) {
            requests.add(other.requests)
            calls.add(other.calls)
            refusals.merge(other.refusals, uniquingKeysWith: +)
            summedRefusals += other.summedRefusals
            retries.merge(other.retries, uniquingKeysWith: +)
            trials.merge(other.trials, uniquingKeysWith: +)
            activeRequests += other.activeRequests
            connections += other.connections
            flow.add(other.flow)
        }
    }

    private(set) var reading = Reading()

    func began() { reading.activeRequests += 1 }
    func ended() { reading.activeRequests -= 1 }

    func count(_ key: RequestKey, _ duration: Duration?, refusal: RefusalCode?) {
        reading.requests.record(key, duration ?? .zero)
        if let refusal { reading.refusals[refusal, default: 0] += 1 }
    }

    /// One call to HSS has ended.
    func countCall(to host: String?, status: Int?, error: String?, _ duration: Duration) {
        reading.calls.record(CallKey(address: host ?? "", status: status ?? 0, error: error ?? ""), duration)
    }

    func countTrial(_ rule: String, caller: String?, operation: Int?) {
        reading.trials[TrialKey(rule: rule, caller: caller ?? "", operation: operation), default: 0] += 1
    }

    func countSummedRefusal() { reading.summedRefusals += 1 }

    func countRetry(_ reason: String) {
        reading.retries[reason, default: 0] += 1
    }

    func countWait(_ operation: Int, _ wait: Duration) {
        reading.flow.waits[operation, default: Histogram()].record(wait)
    }

    func countOutlivedTurn(_ operation: Int) { reading.flow.outlived[operation, default: 0] += 1 }

    func countThrottle(_ operation: Int, credential: String) {
        let key = FlowMeters.ThrottleKey(operation: operation, credential: credential)
        reading.flow.throttles[key, default: 0] += 1
        reading.flow.throttlesOfDay[key, default: DailyCount()].count(at: FlowControl.now)
    }

    func countShared(_ operation: Int, _ how: String) {
        reading.flow.shared[FlowMeters.CoalescedKey(operation: operation, how: how), default: 0] += 1
        reading.flow.sharedOfDay[operation, default: DailyCount()].count(at: FlowControl.now)
    }

    func countReplay() { reading.flow.replays += 1 }
}
