import Gateway
import Glibc
package import Logging
package import Settings
import Synchronization

/// The log of this process: its destination, format and level, which are set before the first line and again at each reload.
package enum LogSetup {
    static let name = "hss-gateway"
    private static let manner = LogManner(LogManner.Choice(form: .text, level: .info))
    private static let isStarted = Atomic<Bool>(false)

    /// stderr, from the first use on.
    static let output = LogOutput(descriptor: STDERR_FILENO) { count in
        line(.warning, "log lines dropped, since nobody read them in time", [("lines", String(count))])
    }

    /// stdout: lines about requests, and what a server tells a user who started it by hand. Made at the first use.
    private static let requestOutput = LogOutput(descriptor: STDOUT_FILENO) { count in
        line(.warning, "request lines dropped, since nobody read them in time", [("lines", String(count))])
    }

    /// The log lines of requests.
    static let requests = RequestLog { line in
        let text = LogSetup.line(line.isStep ? .debug : .info, line.message, line.fields)
        (!line.isStep && requestsGoToOutput.load(ordering: .relaxed) ? requestOutput : output).write(text)
    }
    private static let requestsGoToOutput = Atomic<Bool>(false)
    private static let hasAnnounced = Atomic<Bool>(false)

    /// Lines that were dropped.
    static var dropped: UInt64 { output.dropped + (requestsGoToOutput.load(ordering: .relaxed) ? requestOutput.dropped : 0) }

    /// How long the end of the process waits for the last lines.
    private static let farewell = Duration.seconds(1)

    /// Begins logging as the settings say; called once in a process.
    package static func start(_ settings: LogSettings) -> Logger {
        adjust(settings)
        LoggingSystem.bootstrap { LineLogHandler(component: $0, manner: manner, output: output) }
        isStarted.store(true, ordering: .releasing)
        return Logger(label: name)
    }

    static func adjust(_ settings: LogSettings) {
        let form: LogLine.Form =
            switch settings.format {
            case .text: .text
            case .json: .json
            case .auto: isatty(STDERR_FILENO) == 1 ? .text : .json
            }
        let level: Logger.Level =
            switch settings.level {
            case .debug: .debug
            case .info: .info
            case .warn: .warning
            case .error: .error
            }
        manner.change(to: LogManner.Choice(form: form, level: level))
        requestsGoToOutput.store(settings.requests != .off && settings.requestsTo == .stdout, ordering: .relaxed)
        let choice: RequestLog.Choice =
            switch settings.requests {
            case .off: .off
            case .refused: .refused
            case .all: .all
            }
        requests.adjust(choice, follows: level == .debug)
    }

    /// A line in the format of the log.
    static func line(_ level: Logger.Level, _ message: String, _ fields: [(name: String, value: String)]) -> String {
        LogLine.text(manner.current.form, level: level, component: name, message: message, fields: fields)
    }

    /// What a server says on stdout. Unlike a command's output it holds nothing up when nobody reads it.
    package static func announce(_ text: String) {
        hasAnnounced.store(true, ordering: .relaxed)
        requestOutput.write(text)
    }

    /// Writes the buffered lines, and the command's last message if it has one. It returns after a bounded time even if the log is not read.
    package static func finish(saying message: String? = nil) {
        if isStarted.load(ordering: .acquiring) {
            if let message { output.write(Console.message(message)) }
            output.flush(within: farewell)
        } else if let message {
            Console.error(message)
        }
        if requestsGoToOutput.load(ordering: .relaxed) || hasAnnounced.load(ordering: .relaxed) { requestOutput.flush(within: farewell) }
    }
}
