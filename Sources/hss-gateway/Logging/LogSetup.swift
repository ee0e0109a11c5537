import Glibc
import Logging
import Settings

/// Chooses the form of the log once, before anybody logs.
enum LogSetup {
    static func start(_ settings: LogSettings) -> Logger {
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
        LoggingSystem.bootstrap { LineLogHandler(component: $0, form: form, level: level) }
        return Logger(label: "hss-gateway")
    }
}
