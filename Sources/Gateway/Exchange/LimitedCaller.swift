import NIOCore
import Policy
import Recollection
import Transport

/// A caller with limits, and what it has used of them. A class, so that exchanges of other callers hold one pointer for it.
final class LimitedCaller {
    let name: String
    let limits: CallerLimits
    private let used: CallerAllowance

    init(_ name: String, _ limits: CallerLimits, _ used: CallerAllowance) {
        self.name = name
        self.limits = limits
        self.used = used
    }

    /// The remaining burst; nil without a rate.
    /// - Parameter now: nanoseconds of uptime.
    func rate(at now: Int64) -> (burst: Int, left: Int, secondsUntilFull: Int)? {
        guard let rate = limits.requestsPerSecond else { return nil }
        let burst = limits.burst ?? rate
        let left = used.left(rate: rate, burst: burst, at: now)
        return (burst, left.requests, Int((left.untilFull + 999_999_999) / 1_000_000_000))
    }

    var underWay: Int { used.underWay }

    /// Seconds until an empty bucket is full again, which is the window in `RateLimit-Policy`.
    var window: Int {
        guard let rate = limits.requestsPerSecond else { return 1 }
        return max(1, ((limits.burst ?? rate) + rate - 1) / rate)
    }
}

/// Header fields that tell the caller its limits and how long the request waited: `RateLimit` and `RateLimit-Policy`
/// (draft-ietf-httpapi-ratelimit-headers), lists of structured fields (RFC 9651), and `X-HSSGW-Waited-Ms`.
extension Exchange {
    /// Adds no field if the caller has no limits and the request didn't wait.
    @inline(__always)
    func addLimitFields(to head: inout DownstreamHead) {
        if record.waiting > .zero {
            head.fields.append(HeaderField("X-HSSGW-Waited-Ms", String(Int64(record.waiting / .milliseconds(1)))))
        }
        if let limited = sender.limited { addLimits(of: limited, to: &head) }
    }

    private func addLimits(of limited: LimitedCaller, to head: inout DownstreamHead) {
        var policies: [String] = []
        var states: [String] = []
        if let rate = limited.rate(at: Int64(NIODeadline.now().uptimeNanoseconds)) {
            policies.append("\"requests\";q=\(rate.burst);w=\(limited.window)")
            states.append("\"requests\";r=\(rate.left);t=\(rate.secondsUntilFull)")
        }
        if let concurrent = limited.limits.concurrent {
            policies.append("\"concurrent\";q=\(concurrent);qu=\"concurrent-requests\"")
            states.append("\"concurrent\";r=\(max(0, concurrent - limited.underWay))")
        }
        if let exports = limited.limits.exportsPerDay {
            policies.append("\"exports\";q=\(exports);w=86400;qu=\"exports\"")
            // In a fleet only the database has the complete count.
            if worker.fleet == nil {
                let used = worker.memory.recall { $0.exports.count(of: limited.name, at: record.begun) }
                states.append("\"exports\";r=\(max(0, exports - used));t=\(ExportCounts.secondsUntilNextDay(from: worker.now()))")
            }
        }
        if !policies.isEmpty { head.fields.append(HeaderField("RateLimit-Policy", policies.joined(separator: ", "))) }
        if !states.isEmpty { head.fields.append(HeaderField("RateLimit", states.joined(separator: ", "))) }
    }
}
