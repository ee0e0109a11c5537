/// What an operation does, as policy and audit see it. The catalogue decides, never the HTTP method.
package enum OperationKind: String, Sendable, CaseIterable {
    /// Asks only, also where HSS wants a POST for it.
    case read
    /// Changes something, also where HSS takes a GET for it.
    case write
    /// Takes security data out in bulk; all but one create an export task (see ``ExportStep/create``).
    case export
    /// Answers a file.
    case download
}
