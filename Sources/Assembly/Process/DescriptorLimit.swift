import Gateway
import Glibc
import Settings

/// How many descriptors this process may have open at a time.
enum DescriptorLimit {
    /// The hard limit: the soft one is raised to it before anything is accepted (`ProcessHardening`).
    static var current: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: limit.rlim_max)
    }
}

extension DescriptorBudget {
    /// The descriptors that this process may open, divided as the configuration needs.
    init(_ limits: LimitSettings) {
        self.init(limit: DescriptorLimit.current, connections: limits.connections, inFlight: limits.inFlight, workers: Instance.workers)
    }
}
