/// Which step of an export an operation is: create a task, poll it, download its file.
///
/// The answers of create and poll are small JSON objects whose `task_id` and `file_id` connect the steps; in the
/// download the `file_id` is in the path.
package enum ExportStep: Sendable, CaseIterable {
    case create
    case poll
    case download
}
