import Gateway
import Glibc
import Settings

/// How many descriptors this process may have open at a time.
package enum DescriptorLimit {
    /// What every command has: its files, and the event loops of those that talk to somebody. The libraries end a process that lacks descriptors at
    /// its start, without a word of ours.
    private static let fewestOfCommand = 32

    package static func demandForCommand() throws(Failure) { try demand(fewestOfCommand) }

    static func demand(_ fewest: Int) throws(Failure) {
        let limit = current
        guard limit < fewest else { return }
        throw Failure(
            .badConfiguration, "The process may open \(limit) files and needs \(fewest) at least: raise LimitNOFILE or ulimit -n.")
    }

    /// The hard limit: the soft one is raised to it before anything is opened (`ProcessHardening`).
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
