extension OperationLine {
    /// The present state of one quota of an operation, for users.
    package struct Reading: Sendable {
        /// The operation, by index.
        package let operation: Int
        /// Nil for the quota that all credentials share.
        package let credential: String?
        /// Nil if nothing is delayed.
        package let quota: Quota?
        /// Calls that count at the moment.
        package let counting: Int
        /// How long until the next call may leave.
        package let nextTurn: Duration
        /// Where the pace comes from.
        package let pace: FlowRules.Pace
        /// The waiting callers, in the order of the line.
        package let waiting: [Waiting]

        /// One caller's waiting requests.
        package struct Waiting: Sendable, Equatable {
            package let caller: String
            package fileprivate(set) var requests: Int
            /// Until the first of them leaves, as far as is known now.
            package let firstTurn: Duration
        }
    }
}

extension OperationLine {
    /// The present state of the line's quotas. The waiting callers are returned with the first of them.
    package func readings(of operation: Int, at now: Duration) -> [OperationLine.Reading] {
        var waiting: [OperationLine.Reading.Waiting] = []
        let times = places.isEmpty ? [] : forecast(of: places, at: now)
        for (place, time) in zip(places, times) where place.isRequest {
            if let index = waiting.firstIndex(where: { $0.caller == place.request.caller }) {
                waiting[index].requests += 1
            } else {
                waiting.append(OperationLine.Reading.Waiting(caller: place.request.caller, requests: 1, firstTurn: max(.zero, time - now)))
            }
        }
        let limited = allowances.filter { $0.value.quota != nil }.sorted { $0.key < $1.key }
        var all: [(credential: String?, allowance: Allowance)] = limited.map { ($0.key, $0.value) }
        if shared.quota != nil || all.isEmpty && !waiting.isEmpty { all.append((nil, shared)) }
        return all.enumerated().map { index, each in
            OperationLine.Reading(
                operation: operation, credential: each.credential, quota: each.allowance.quota, counting: each.allowance.counting(at: now),
                nextTurn: each.allowance.nextFree(at: now) - now, pace: rules.pace, waiting: index == 0 ? waiting : [])
        }
    }
}
