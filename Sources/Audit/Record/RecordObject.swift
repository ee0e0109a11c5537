/// The objects within a record whose members are part of the vocabulary.
package enum RecordObject: Sendable, CaseIterable {
    case caller, project, enterpriseProjectID, credential, requestBody, upstream, responseBody, export, gateway

    /// The key and the opening brace, as the encoder writes them.
    @inline(__always)
    var opening: StaticString {
        switch self {
        case .caller: #""caller":{"#
        case .project: #""project":{"#
        case .enterpriseProjectID: #""enterprise_project_id":{"#
        case .credential: #""credential":{"#
        case .requestBody: #""request_body":{"#
        case .upstream: #""upstream":{"#
        case .responseBody: #""response_body":{"#
        case .export: #""export":{"#
        case .gateway: #""gateway":{"#
        }
    }

    /// The key's own bytes. They stay valid until the program ends.
    package var name: UnsafeRawBufferPointer { opening.quotedName }
}
