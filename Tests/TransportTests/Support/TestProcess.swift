import Glibc
import Synchronization

/// A program that a test talks to. It is ended, by its own process id, when the test releases it.
///
/// Uses posix_spawn: Foundation's `Process` detects an end by a socket that programs started at the same moment inherit, so its
/// `waitUntilExit` sometimes waits for a server that another test keeps running.
final class TestProcess: Sendable {
    private let id: pid_t
    private let output: CInt

    /// One at a time, so that no program inherits the pipe of another.
    private static let starting = Mutex(())

    struct CouldNotStart: Error {}

    /// Starts a program from the usual directories, in a given working directory; nil when it is not
    /// installed.
    init?(_ name: String, _ arguments: [String], in directory: String? = nil) throws {
        let places = ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/"].map { $0 + name }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else { return nil }
        // A shell changes the directory and execs the program; its first argument is the directory.
        let command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory ?? "/", path] + arguments
        guard let (id, output) = Self.starting.withLock({ _ in Self.spawn(command) }) else { throw CouldNotStart() }
        self.id = id
        self.output = output
    }

    deinit {
        // Fails harmlessly when `succeeded` has already collected the process.
        if waitpid(id, nil, WNOHANG) == 0 {
            kill(id, SIGKILL)
            waitpid(id, nil, 0)
        }
        close(output)
    }

    /// Reads output until a line contains this text, and returns that line; nil when the output ends first.
    func line(containing text: String) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") {
                let found = String(decoding: line, as: UTF8.self)
                if found.contains(text) { return found }
                line = []
            } else {
                line.append(byte)
            }
        }
        return nil
    }

    /// Makes it do nothing any more; its sockets stay open.
    func suspend() { kill(id, SIGSTOP) }

    /// Waits for the end of a program with little output, and returns whether it succeeded.
    func succeeded() -> Bool {
        var status: CInt = 0
        return waitpid(id, &status, 0) == id && status == 0
    }

    private static func spawn(_ command: [String]) -> (id: pid_t, output: CInt)? {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        if posix_spawn(&id, command[0], &actions, nil, &words, environ) == 0 { return (id, ends[0]) }
        close(ends[0])
        return nil
    }
}
