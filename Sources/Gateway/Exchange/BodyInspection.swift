import Audit
import Catalogue
import NIOCore
import Policy

/// Reads the small answers whose content belongs in the record: the task that an export created, the file that a poll names, the code of an
/// error. Other answers are not read.
struct BodyInspection {
    /// Longest answer that is buffered, in bytes. Answers of these kinds have a few hundred bytes.
    static let maximumBytes = 64 << 10

    private let step: ExportStep?
    private var taskID: String?
    private var fileID: String?
    private var isKeeping = false
    private var kept = ByteBuffer()
    private var isFailure = false
    /// Whether the answer to a poll says that the task failed; known after `result`.
    private(set) var tellsOfFailedTask = false

    /// Whether the answer of an operation must arrive uncompressed.
    static func isNeeded(for operation: Operation) -> Bool {
        operation.exportStep != nil || !operation.secretResponseFields.isEmpty
    }

    init(of operation: Operation, target: RequestTarget) {
        step = operation.exportStep
        // The request that creates a task has no task id yet.
        guard step != nil, step != .create else { return }
        let path = target.path
        // One of the polls names its task in the query.
        taskID = operation.value(ofPathParameter: "task_id", in: path).map(String.init) ?? Self.queryValue("task_id", of: target)
        fileID = operation.value(ofPathParameter: "file_id", in: path).map(String.init)
    }

    mutating func begin(status: Int) {
        isFailure = status >= 400
        isKeeping = isFailure || step == .create || step == .poll
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard isKeeping else { return }
        guard kept.readableBytes + bytes.count <= BodyInspection.maximumBytes else {
            isKeeping = false
            kept.clear()
            return
        }
        kept.writeBytes(bytes)
    }

    /// What the answer says; called when it is complete. `mutating`, so that the buffer is used in place and not copied.
    mutating func result() -> (export: Record.Export?, errorCode: String?) {
        let members = isKeeping ? JSONMembers(kept.readableBytesView) : nil
        if isFailure { return (exportOfRequest, members?.string("error_code") ?? members?.string("code")) }
        guard step != nil else { return (nil, nil) }
        var export = exportOfRequest ?? Record.Export()
        export.taskID = members?.string("task_id") ?? taskID
        export.fileID = members?.string("file_id").flatMap { $0.isEmpty ? nil : $0 } ?? fileID
        export.recordTotalNum = members?.integer("record_total_num")
        tellsOfFailedTask = step == .poll && members?.string("task_status") == "failure"
        let tellsSomething = export.taskID != nil || export.fileID != nil || export.recordTotalNum != nil
        return (tellsSomething ? export : nil, nil)
    }

    /// What the request says about the export, before there is an answer.
    var exportOfRequest: Record.Export? {
        taskID == nil && fileID == nil ? nil : Record.Export(taskID: taskID, fileID: fileID)
    }

    /// A parameter of the canonical query; identifiers contain no characters that need escaping.
    private static func queryValue(_ name: StaticString, of target: RequestTarget) -> String? {
        guard let value = target.firstParameter(where: { $0.equals(name) }), !value.isEmpty else { return nil }
        return String(decoding: target.bytes[value], as: UTF8.self)
    }
}
