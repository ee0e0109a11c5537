/// An export task from its creation to its file.
struct ExportTask: Sendable {
    /// The state in a poll's answer.
    enum Status: String, Sendable {
        case running, success, failure
    }

    var id: String
    var operation: String
    var project: String
    var createdAt: Duration
    var table: ExportedTable
    /// Set when a fault requested a failure.
    var fails: Bool
    /// Polls answered so far.
    var polls = 0
    var status = Status.running
    var fileID: String
    var fileName: String

    /// The answer of the three pollers; the file is named only once there is one.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(key: "task_id", value: .string(id)), .init(key: "task_name", value: .string(operation)),
            .init(key: "task_status", value: .string(status.rawValue)),
        ]
        if status == .success {
            members.append(.init(key: "file_id", value: .string(fileID)))
            members.append(.init(key: "file_name", value: .string(fileName)))
        }
        return .object(members)
    }

    /// The file: a ZIP with one CSV.
    var file: [UInt8] {
        let name = fileName.hasSuffix(".zip") ? String(fileName.dropLast(4)) + ".csv" : fileName
        return ZipArchive.archive(entry: name, content: table.csv, modified: CivilTime(secondsSinceEpoch: createdAt.wholeSeconds))
    }
}
