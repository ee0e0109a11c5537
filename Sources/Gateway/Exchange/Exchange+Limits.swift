import Catalogue
import NIOCore
import Policy
import Recollection

/// What one caller may use up. Callers without limits pay one comparison.
extension Exchange {
    /// Each request of a recognised caller counts, refused or not: every one costs a record.
    func checkLimits(of caller: Caller) throws(Refusal) {
        guard let limits = caller.limits else { return }
        let used = worker.allowances[caller.name]
        if let rate = limits.requestsPerSecond {
            let now = Int64(NIODeadline.now().uptimeNanoseconds)
            if let wait = used.take(rate: rate, burst: limits.burst ?? rate, at: now) { throw .tooFast(caller, waiting: wait) }
        }
        if let concurrent = limits.concurrent {
            guard used.enter(limit: concurrent) else { throw .tooMany(caller, limit: concurrent) }
            allowance = used
        }
    }

    /// Holds room for an export in its caller's day. The last step before the request record, so that whatever is answered without a call to
    /// HSS never gets here; the closing record says whether it counted (`ExportCounts`).
    /// - Parameter part: of how many gateways each has an equal part of the limit.
    func countExport(of decision: Decision, part: Int = 1) throws(Refusal) {
        guard decision.operation.kind == .export, let limit = decision.caller.limits?.exportsPerDay.map({ $0 / part }) else { return }
        let (name, begun) = (decision.caller.name, record.begun)
        guard worker.memory.change({ $0.exports.reserve(name, at: begun, limit: limit) }) else {
            throw .exportsUsedUp(decision.caller, limit: limit, seconds: ExportCounts.secondsUntilNextDay(from: worker.now()))
        }
        reservedExport = name
    }
}

extension Refusal {
    fileprivate static func tooFast(_ caller: Caller, waiting nanoseconds: Int64) -> Refusal {
        let seconds = Int((nanoseconds + 999_999_999) / 1_000_000_000)
        return Refusal(
            .rateLimited, "The caller \(caller.name) sends more requests than it may.", hint: "Wait as long as Retry-After says.",
            retryAfterSeconds: max(1, seconds)
        )
    }

    fileprivate static func tooMany(_ caller: Caller, limit: Int) -> Refusal {
        Refusal(
            .rateLimited, "The caller \(caller.name) has \(limit) requests under way, as many as it may.",
            hint: "Wait until one of them is answered.", retryAfterSeconds: 1
        )
    }

    static func exportsUsedUp(_ caller: Caller, limit: Int, seconds: Int) -> Refusal {
        Refusal(
            .quotaExhausted, "The caller \(caller.name) has made the \(limit) exports that it may make in a day, UTC.",
            hint: "Wait until midnight UTC, as long as Retry-After says, or ask the gateway's operator for more.", retryAfterSeconds: seconds
        )
    }
}
