import Logging
import Synchronization

/// How the log is written: shared by all loggers, so that a reload changes it for all.
final class LogManner: Sendable {
    struct Choice: Sendable, Equatable {
        var form: LogLine.Form
        var level: Logger.Level
    }

    private let choice: Mutex<Choice>

    init(_ choice: Choice) {
        self.choice = Mutex(choice)
    }

    var current: Choice { choice.withLock { $0 } }

    func change(to choice: Choice) {
        self.choice.withLock { $0 = choice }
    }
}
