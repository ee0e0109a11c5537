import Codecs
import Glibc
import Synchronization

/// stdout for data, stderr for messages.
package enum Console {
    /// The system's code of the first write to stdout that failed, 0 while all of it was written. A reader that closes its pipe has what it wanted.
    private static let lost = Atomic<Int32>(0)

    /// Writes a text, with a newline if it has none; false when not all of it could be written, or nobody reads it any more.
    @discardableResult
    package static func output(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) }
    /// Writes a message to stderr, without characters that a terminal would obey.
    package static func error(_ text: String) { write(message(text), to: STDERR_FILENO) }

    /// The sentence about output that could not be written, as on a full disk: a file that looks complete must not be taken for it. Nil if nothing is
    /// missing.
    package static var loss: String? {
        let code = lost.load(ordering: .relaxed)
        return code == 0 ? nil : "The output could not be written (\(SystemError.text(code))): what was written of it is not complete."
    }

    /// A message that is safe on a terminal, whatever the arguments hold that it repeats: `*` in a shell gives names of files as they are.
    static func message(_ text: String) -> String {
        let arguments = CommandLine.arguments.dropFirst()
        // `--option=value` is repeated in either form.
        let values = arguments.compactMap { argument in argument.firstIndex(of: "=").map { String(argument[$0...].dropFirst()) } }
        return message(text, containing: arguments + values)
    }

    /// - Parameter foreign: texts from outside, as the message contains them. Line breaks of their own would forge a line of it.
    static func message(_ text: String, containing foreign: [String]) -> String {
        // The longest first: one may be part of another. By bytes, since a character may reach across the end of such a text.
        let named = foreign.filter { $0 != PrintableText.line($0) }.sorted { $0.utf8.count > $1.utf8.count }
        let told = named.reduce(Array(text.utf8)) { $0.replacing(Array($1.utf8), with: Array(PrintableText.line($1).utf8)) }
        // A carriage return would write over the line.
        let lines = PrintableText.lines(String(decoding: told, as: UTF8.self)).unicodeScalars.map { $0 == "\r" ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(lines))
    }

    /// Writes bytes unchanged; false when not all of them could be written, or nobody reads them any more.
    @discardableResult
    package static func output(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { write($0, to: STDOUT_FILENO) }
    }

    /// The width of the terminal on stdout; nil when it is a file or a pipe. `COLUMNS` takes precedence, as in other programs.
    package static var outputColumns: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        if let columns = ProcessEnvironment.variables["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usualColumns }
        return Int(size.ws_col)
    }

    /// For a terminal that doesn't report its width.
    private static let usualColumns = 80

    /// Whether there is any use in writing more. A reader may close its pipe while nothing is written.
    package static var isRead: Bool {
        guard lost.load(ordering: .relaxed) == 0 else { return false }
        var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&request, 1, 0) <= 0 || request.revents & Int16(POLLERR | POLLHUP) == 0
    }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        // By bytes: Swift takes the end of a CSV's line, CR LF, for one character, which is no "\n".
        var text = text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n"
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR || descriptor == STDOUT_FILENO && errno == EAGAIN && waitForRoom() { continue }
            guard count > 0 else {
                if descriptor == STDOUT_FILENO, errno != EPIPE {
                    _ = lost.compareExchange(expected: 0, desired: count == 0 ? EIO : errno, ordering: .relaxed)
                }
                return false
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return true
    }

    /// Waits until the reader has taken some of the data. Needed if the parent process has set the pipe or terminal to not block (O_NONBLOCK).
    private static func waitForRoom() -> Bool {
        var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, -1) > 0 || errno == EINTR
    }
}
