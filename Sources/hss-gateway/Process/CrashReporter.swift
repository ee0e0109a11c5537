import Glibc

/// Swift's crash reporter prints registers and the bytes they point to, and a gateway's hold tokens and keys.
///
/// The runtime reads its settings before anything of ours runs. So a process that was started with the reporter on, or without a word about
/// it, starts itself anew with it off: same process id, same descriptors, same command line.
enum CrashReporter {
    private static let variable = "SWIFT_BACKTRACE"
    private static let off = "enable=no"

    static func turnOff() {
        guard ProcessEnvironment.variables[variable] != off else { return }
        setenv(variable, off, 1)
        // Without /proc there is no way to name this program; the setting then holds for what it starts, and the start goes on.
        _ = execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
