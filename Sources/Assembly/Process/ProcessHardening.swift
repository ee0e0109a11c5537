import CDescriptorReserve
import CLinux
import Glibc

/// Protections of the process's secrets that the system provides.
package enum ProcessHardening {
    /// No core dumps, no reading of our memory by other processes of the same user, no crash reports. Called first in `main`, so that it is in
    /// force before any command has read anything; processes started by a command inherit the first.
    package static func protectSecrets() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        clinux_set_undumpable()
        removeCrashReporter()
    }

    /// Swift's crash reporter (SWIFT_BACKTRACE) prints registers and the bytes that they point to, which may be keys. The runtime installs
    /// it before `main`, as handlers of these signals; without them a crash ends the process and prints nothing.
    private static func removeCrashReporter() {
        for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
    }

    /// A process can be started without stdin, stdout or stderr. The first files that it opens would take their numbers, and what is meant for the
    /// log or the terminal would be written into them: a journal, a connection. They are `/dev/null` instead.
    package static func occupyStandardDescriptors() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is taken (open(2)): this one.
            guard open("/dev/null", O_RDWR) == number else { return }
        }
    }

    /// Swift's runtime ends a process that can't open a file when it wants to count its threads.
    package static func reserveDescriptors() { descriptor_reserve_fill() }

    /// Each caller and each connection to HSS is a descriptor. Shells and service managers set a soft limit of 1,024, which
    /// programs that don't use select(2) may raise to the hard one (systemd documents it so for RLIMIT_NOFILE).
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
