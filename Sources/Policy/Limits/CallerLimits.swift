/// The limits of one caller; nil is unlimited.
package struct CallerLimits: Sendable, Hashable {
    package var requestsPerSecond: Int?
    /// How many requests may come at once; by default as many as in one second.
    package var burst: Int?
    package var concurrent: Int?
    package var exportsPerDay: Int?

    package init(requestsPerSecond: Int? = nil, burst: Int? = nil, concurrent: Int? = nil, exportsPerDay: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
        self.concurrent = concurrent
        self.exportsPerDay = exportsPerDay
    }
}
