/// The kind of an operation's request body.
package enum RequestBodyKind: Sendable, CaseIterable {
    case none
    case jsonObject
    /// A top-level JSON array, as in ExportEventRequest.
    case jsonArray
    /// Form data with a file, which is signed without its body.
    case multipart
}
