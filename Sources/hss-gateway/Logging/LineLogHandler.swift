import Audit
import Glibc
import Logging

/// Writes the operational log to stderr, one line per event: JSON, or text for people at a terminal.
///
/// One `write(2)` per line, so that lines of several threads never mix.
struct LineLogHandler: LogHandler {
    enum Form: Sendable { case text, json }

    var metadata: Logger.Metadata = [:]
    private let component: String
    private let manner: LogManner
    /// A logger's own level; nil follows the configuration.
    private var ownLevel: Logger.Level?

    init(component: String, manner: LogManner) {
        self.component = component
        self.manner = manner
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
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let time = Timestamp.now().description
        switch manner.current.form {
        case .text:
            let tail = fields.map { " \($0.0)=\($0.1)" }.joined()
            Console.error("\(time) \(event.level.rawValue.uppercased()) \(component): \(event.message)\(tail)".replacingLineEnds)
        case .json:
            var line = "{"
            append("ts", time, to: &line)
            append("level", event.level == .warning ? "warn" : event.level.rawValue, to: &line)
            append("msg", "\(event.message)", to: &line)
            append("component", component, to: &line)
            for (name, value) in fields { append(name, value, to: &line) }
            Console.error(line + "}")
        }
    }

    private func append(_ name: String, _ value: String, to line: inout String) {
        if line.utf8.count > 1 { line += "," }
        line += "\"\(name.jsonEscaped)\":\"\(value.jsonEscaped)\""
    }
}

extension String {
    /// What may stand between quotes in JSON (RFC 8259 section 7).
    fileprivate var jsonEscaped: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// One event stays one line, whatever a value holds. Line ends can be read back, which a checkpoint needs; other control characters are blanks.
    fileprivate var replacingLineEnds: String {
        let blanked = unicodeScalars.map { $0 != "\n" && ($0.value < 0x20 || $0.value == 0x7F) ? " " : $0 }
        return String(String.UnicodeScalarView(blanked)).replacing("\n", with: "\\n")
    }
}
