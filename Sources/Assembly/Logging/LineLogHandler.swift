import Logging

/// Hands the events of the operational log to its output, each as one line.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let component: String
    private let manner: LogManner
    private let output: LogOutput
    /// A logger's own level; nil follows the configuration.
    private var ownLevel: Logger.Level?

    init(component: String, manner: LogManner, output: LogOutput) {
        self.component = component
        self.manner = manner
        self.output = output
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? manner.current.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { (name: $0.key, value: "\($0.value)") }
        output.write(LogLine.text(manner.current.form, level: event.level, component: component, message: "\(event.message)", fields: fields))
    }
}
