import Audit
import Logging

/// Writes the journal's notices to the log.
enum JournalLog {
    static func write(_ notice: JournalNotice, to logger: Logger) {
        var metadata: Logger.Metadata = [:]
        for field in notice.detail.fields { metadata[field.name] = value(field.value) }
        logger.log(level: level(notice.severity), "journal: \(notice.event)", metadata: metadata)
    }

    private static func level(_ severity: JournalNotice.Severity) -> Logger.Level {
        switch severity {
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }

    private static func value(_ value: FieldValue) -> Logger.MetadataValue {
        switch value {
        case .string(let text): .string(text)
        case .integer(let number): .stringConvertible(number)
        case .boolean(let truth): .stringConvertible(truth)
        case .list(let values): .array(values.map(Self.value))
        case .object(let object): .dictionary(Dictionary(object.fields.map { ($0.name, Self.value($0.value)) }) { first, _ in first })
        case .null: .string("null")
        }
    }
}
