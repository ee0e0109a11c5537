/// What an upstream's 429 says about the exhausted quota, e.g. `policy user over ratelimit,limit:5,time:1 minute`.
package struct QuotaNotice: Sendable, Hashable {
    /// Whom the quota is for.
    package enum Scope: Sendable, Hashable {
        /// One user, that is one credential.
        case credential
        /// One address or the API itself: all our credentials share it.
        case all
    }

    package let scope: Scope
    /// The stated quota; nil when the text has no numbers.
    package let quota: Quota?

    package init(scope: Scope = .credential, quota: Quota? = nil) {
        self.scope = scope
        self.quota = quota
    }

    /// Reads the message of an error body, or the value of an `X-Apig-RateLimit-*` field, which has the same form.
    package init(text: String) {
        let text = text.lowercased()
        let scope: Scope = text.contains("policy ip") || text.contains("policy api") ? .all : .credential
        self.init(scope: scope, quota: QuotaNotice.quota(in: text))
    }

    private static let units: [(word: Substring, seconds: Int)] = [("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400)]
    private static func quota(in text: String) -> Quota? {
        guard let limit = number(after: "limit:", in: text), let time = number(after: "time:", in: text) else { return nil }
        guard let unit = units.first(where: { time.rest.drop { $0 == " " }.hasPrefix($0.word) }) else { return nil }
        guard limit.value > 0, time.value > 0 else { return nil }
        // Bounded: both factors are.
        let period = Duration.seconds(time.value * unit.seconds)
        guard period > Quota.longestPeriod else { return Quota(limit: limit.value, period: period) }
        // A day's share of it.
        return Quota(limit: max(1, Int(Double(limit.value) * (Quota.longestPeriod / period))), period: Quota.longestPeriod)
    }

    private static func number(after mark: String, in text: String) -> (value: Int, rest: Substring)? {
        // `ratelimit,limit:5`: searched for together with the number that follows.
        var rest = text[...]
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            let blank = rest.drop { $0 == " " }
            let digits = blank.prefix { $0.isASCII && $0.isNumber }
            if let value = Int(digits), value <= Quota.mostCalls { return (value, blank[digits.endIndex...]) }
        }
        return nil
    }
}
