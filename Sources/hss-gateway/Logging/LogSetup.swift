import Glibc
import Logging
import Settings

/// Chooses the form and the level of the log: once before anybody logs, and again at each reload.
enum LogSetup {
    private static let manner = LogManner(LogManner.Choice(form: .text, level: .info))

    static func start(_ settings: LogSettings) -> Logger {
        adjust(settings)
        LoggingSystem.bootstrap { LineLogHandler(component: $0, manner: manner) }
        return Logger(label: "hss-gateway")
    }

    static func adjust(_ settings: LogSettings) {
        let form: LineLogHandler.Form =
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
    }
}
