import Codecs
import Glibc

/// A pager between a long listing and a terminal, with the conventions of other programs: `PAGER` selects it, `less` is the default, and an empty
/// `PAGER` or `cat` means none. Files, pipes and terminals that can't move their cursor (`TERM=dumb`) get the text as it is.
package enum Pager {
    /// The pager's process, and the original stdout.
    private struct Running {
        let process: pid_t
        let terminal: Int32
        let command: String
    }

    /// The exit codes of `sh` when the program doesn't exist or can't be run.
    private static let notRun: Set<Int32> = [126, 127]

    /// Pages what `body` writes to stdout.
    package static func show<Value, Fault: Error>(_ isWanted: Bool, _ body: () throws(Fault) -> Value) throws(Fault) -> Value {
        guard isWanted, let running = begin() else { return try body() }
        defer { end(running) }
        return try body()
    }

    private static func begin() -> Running? {
        let variables = ProcessEnvironment.variables
        guard isatty(STDOUT_FILENO) == 1, variables["TERM", default: "dumb"] != "dumb", let command = command(variables) else { return nil }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        let process = terminal < 0 ? nil : spawn(command, readingFrom: ends[0], environment(variables))
        close(ends[0])
        if process != nil { dup2(ends[1], STDOUT_FILENO) }
        close(ends[1])
        guard let process else {
            close(terminal)
            return nil
        }
        // Ctrl-C goes to the pager; its end is noticed when the next piece is written.
        signal(SIGINT, SIG_IGN)
        return Running(process: process, terminal: terminal, command: command)
    }

    private static func end(_ running: Running) {
        // The pipe has no other writing end, so the pager sees the end of the text.
        dup2(running.terminal, STDOUT_FILENO)
        close(running.terminal)
        var status: Int32 = 0
        while waitpid(running.process, &status, 0) < 0, errno == EINTR {}
        // WIFEXITED and WEXITSTATUS of wait(2).
        if status & 0x7F == 0, notRun.contains(status >> 8 & 0xFF) {
            Console.error("The pager could not be run: PAGER is \(PrintableText.line(running.command)). --no-pager does without.")
        }
    }

    private static func command(_ variables: [String: String]) -> String? {
        if let chosen = variables["PAGER"] { return chosen.isEmpty || chosen == "cat" ? nil : chosen }
        let isThere = variables["PATH", default: ""].split(separator: ":").contains { access("\($0)/less", X_OK) == 0 }
        return isThere ? "less" : nil
    }

    /// The pager's environment, without variables that may contain a secret. `less` quits if the text fits the screen, and shows
    /// colours.
    private static func environment(_ variables: [String: String]) -> [String] {
        let ours = ["HSSGW_", "HUAWEICLOUD_", "CLOUD_SDK_", "VAULT_"]
        var kept = variables.filter { name, _ in !ours.contains { name.hasPrefix($0) } }
        if kept["LESS"] == nil { kept["LESS"] = "FRX" }
        return kept.map { "\($0)=\($1)" }
    }

    private static func spawn(_ command: String, readingFrom input: Int32, _ environment: [String]) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        guard posix_spawnattr_init(&attributes) == 0 else { return nil }
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        // Signals that this program ignores must not be ignored in the pager.
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGPIPE, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let words: [UnsafeMutablePointer<CChar>?] = ["sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { (text: String) in strdup(text) } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        return posix_spawn(&process, "/bin/sh", &actions, &attributes, words, variables) == 0 ? process : nil
    }
}
