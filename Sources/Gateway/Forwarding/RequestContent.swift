import Catalogue
import NIOCore
import NIOHTTP1
import Policy

/// A request's body as it will be sent: its type, and which enterprise project it names.
struct RequestContent {
    let body: ByteBuffer?
    /// The Content-Type that is sent; it is signed.
    let contentType: String
    /// The enterprise project that a JSON body names, if it names one.
    let enterpriseProject: String?
    /// Whether the body is one JSON value: form data is not.
    var isJSON = true

    /// The only type that is accepted for a body beside multipart forms. Browsers send plain text and forms to another site without a preflight
    /// request, and JSON only after one.
    static let json = "application/json"

    static func judge(
        _ body: ByteBuffer?, of operation: Operation, head: HTTPRequestHead?, fields: InboundFields?
    ) throws(Refusal) -> RequestContent {
        try judgeFields(fields)
        guard let body, body.readableBytes > 0 else {
            return RequestContent(body: nil, contentType: jsonType(fields?.contentType), enterpriseProject: nil)
        }
        try judgeMethod(head)
        if operation.requestBody == .multipart { return try multipart(body, contentType: fields?.contentType) }
        // `explain` judges a body without header fields.
        guard let fields else { return RequestContent(body: body, contentType: json, enterpriseProject: try enterpriseProject(in: body)) }
        if let declared = fields.contentType, declared.isField("application/json") {
            return RequestContent(body: body, contentType: declared, enterpriseProject: try enterpriseProject(in: body))
        }
        guard let declared = fields.contentType, let type = MediaType(declared), type.name == json else {
            throw WireJudge.malformed(
                "The body doesn't say that it is JSON.", "Send Content-Type: application/json (curl: -H 'Content-Type: application/json').")
        }
        try judgeCharset(type)
        return RequestContent(body: body, contentType: declared, enterpriseProject: try enterpriseProject(in: body))
    }

    /// Checks a body that the head announces. A chunked body may still be empty.
    static func judgeAnnouncement(head: HTTPRequestHead?, fields: InboundFields?) throws(Refusal) {
        try judgeFields(fields)
        if (fields?.contentLengthCount ?? 0) > 0 { try judgeMethod(head) }
    }

    private static func judgeFields(_ fields: InboundFields?) throws(Refusal) {
        if fields?.contentEncodings.contains(where: { !$0.isField("identity") }) == true {
            throw WireJudge.malformed("A compressed request body can't be judged.", "Send the body without Content-Encoding.")
        }
        if (fields?.contentTypeCount ?? 0) > 1 {
            throw WireJudge.malformed("Content-Type stands more than once.", "Send one Content-Type.")
        }
    }

    private static func judgeMethod(_ head: HTTPRequestHead?) throws(Refusal) {
        if head?.method == .GET || head?.method == .HEAD {
            throw WireJudge.malformed("No GET operation of HSS has a body.", "Send what you ask for in the query.")
        }
    }

    /// The Content-Type of a request without a body. A charset that a client added stays, because the SDK for Java signs without and sends with it.
    private static func jsonType(_ declared: String?) -> String {
        guard let declared else { return json }
        if declared.isField("application/json") { return declared }
        guard let type = MediaType(declared), type.name == json, type.isReadAsUTF8 else { return json }
        return declared
    }

    /// A body in another charset would be other text for a server that heeds it than for the checks here.
    private static func judgeCharset(_ type: MediaType) throws(Refusal) {
        guard !type.isReadAsUTF8 else { return }
        throw WireJudge.malformed("The Content-Type names another charset than UTF-8.", "Send the body in UTF-8, and leave the charset out.")
    }

    private static func enterpriseProject(in body: ByteBuffer) throws(Refusal) -> String? {
        let scan: EnterpriseProjectScan
        do throws(JSONFault) {
            scan = try EnterpriseProjectScan(json: body.readableBytesUInt8Span)
        } catch {
            throw Refusal.translating(error)
        }
        guard let first = scan.enterpriseProjects.first else { return nil }
        guard scan.enterpriseProjects.allSatisfy({ $0 == first }) else {
            throw Refusal(.badEnterpriseProject, "The body names different enterprise projects.", hint: "Name it once, in the query.")
        }
        return first
    }

    private static func multipart(_ body: ByteBuffer, contentType: String?) throws(Refusal) -> RequestContent {
        guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data") else {
            throw WireJudge.malformed("This operation takes multipart/form-data.", "Send the file as multipart/form-data.")
        }
        if let type = MediaType(contentType) { try judgeCharset(type) }
        do throws(FormScan.Fault) {
            // A form field of that name could choose an enterprise project that the policy doesn't see.
            _ = try body.withUnsafeReadableBytes { bytes throws(FormScan.Fault) in try FormScan(form: bytes, contentType: contentType) }
        } catch {
            throw Refusal.translating(error)
        }
        return RequestContent(body: body, contentType: contentType, enterpriseProject: nil, isJSON: false)
    }
}
