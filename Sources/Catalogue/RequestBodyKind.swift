/// What an operation takes as a request body.
package enum RequestBodyKind: Sendable, CaseIterable {
    case none
    case jsonObject
    /// A JSON array at the top, as ExportEventRequest has it.
    case jsonArray
    /// Form data with a file, which is signed without its body.
    case multipart
}
