import CLinux
import Glibc

/// Keeps the memory of a process that holds keys out of core dumps and out of reach of other processes of the same user.
enum ProcessHardening {
    static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        clinux_set_undumpable()
    }
}
