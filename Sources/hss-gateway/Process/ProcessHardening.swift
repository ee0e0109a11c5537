import CLinux
import Glibc

/// What a process that holds keys asks of the system for itself: no core dumps, no looking into its memory by other processes of
/// the same user, and as many descriptors as it may have.
enum ProcessHardening {
    static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        clinux_set_undumpable()
        raiseDescriptorLimit()
    }

    /// Each caller and each connection to HSS is a descriptor. Shells and service managers hand out a soft limit of 1,024, which
    /// programs that don't use select(2) are free to raise to the hard one (systemd documents it so for RLIMIT_NOFILE).
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
