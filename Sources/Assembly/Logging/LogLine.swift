import Audit
import Codecs
import Logging

/// One line of the operational log, without its line end: JSON, or text for people at a terminal.
enum LogLine {
    enum Form: Sendable { case text, json }

    /// - Parameter fields: in the order of their output.
    static func text(_ form: Form, level: Logger.Level, component: String, message: String, fields: [(name: String, value: String)]) -> String {
        let time = Timestamp.now().description
        switch form {
        case .text:
            let tail = fields.map { " \($0.name)=\($0.value)" }.joined()
            return "\(time) \(level.rawValue.uppercased()) \(component): \(message)\(tail)".withoutControls
        case .json:
            var line = "{"
            append("ts", time, to: &line)
            append("level", level == .warning ? "warn" : level.rawValue, to: &line)
            append("msg", message, to: &line)
            append("component", component, to: &line)
            for field in fields { append(field.name, field.value, to: &line) }
            return line + "}"
        }
    }

    private static func append(_ name: String, _ value: String, to line: inout String) {
        if line.utf8.count > 1 { line += "," }
        line += "\(JSONString.quoted(name)):\(JSONString.quoted(value))"
    }
}

extension String {
    /// The same text on one line. Line ends become `\n`, which can be read back (a checkpoint needs that); other control characters become blanks.
    fileprivate var withoutControls: String {
        let blanked = unicodeScalars.map { $0 != "\n" && ($0.value < 0x20 || $0.value == 0x7F) ? " " : $0 }
        return String(String.UnicodeScalarView(blanked)).replacing("\n", with: "\\n")
    }
}
