/// Which step of an export an operation is: create a task, poll it, download its file.
///
/// Create and poll answer a small JSON object whose `task_id` and `file_id` tie the steps together; in the download the
/// `file_id` is in the path.
package enum ExportStep: Sendable, CaseIterable {
    case create
    case poll
    case download
}
