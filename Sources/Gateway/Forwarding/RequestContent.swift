import Catalogue
import NIOCore
import NIOHTTP1
import Policy

/// A request's body as it will be sent: what it is, and which enterprise project it names.
struct RequestContent {
    let body: ByteBuffer?
    /// The Content-Type that goes out; it is part of what is signed.
    let contentType: String
    /// The enterprise project that a JSON body names, if it names one.
    let enterpriseProject: String?
    /// Whether the body is one JSON value: form data is not.
    var isJSON = true

    static let json = "application/json"

    static func judge(
        _ body: ByteBuffer?, of operation: Operation, head: HTTPRequestHead?, fields: InboundFields?
    ) throws(Refusal) -> RequestContent {
        if let encoding = fields?.contentEncoding, !encoding.isField("identity") {
            throw WireJudge.malformed("A compressed request body can't be judged.", "Send the body without Content-Encoding.")
        }
        if (fields?.contentTypeCount ?? 0) > 1 {
            throw WireJudge.malformed("Content-Type stands more than once.", "Send one Content-Type.")
        }
        guard let body, body.readableBytes > 0 else {
            return RequestContent(body: nil, contentType: jsonType(fields?.contentType), enterpriseProject: nil)
        }
        if head?.method == .GET || head?.method == .HEAD {
            throw WireJudge.malformed("No GET operation of HSS has a body.", "Send what you ask for in the query.")
        }
        if operation.requestBody == .multipart { return try multipart(body, contentType: fields?.contentType) }
        return RequestContent(body: body, contentType: jsonType(fields?.contentType), enterpriseProject: try enterpriseProject(in: body))
    }

    /// HSS's bodies are JSON whatever a client calls them (`curl -d` says form data): the body itself is judged and goes out
    /// under its true name. A charset that a client added stays, because the SDK for Java signs without and sends with it.
    private static func jsonType(_ declared: String?) -> String {
        guard let declared, declared.lowercased().hasPrefix(json) else { return json }
        return declared
    }

    private static func enterpriseProject(in body: ByteBuffer) throws(Refusal) -> String? {
        let scan: BodyTenantScan
        do throws(JSONFault) {
            scan = try BodyTenantScan(json: body.readableBytesUInt8Span)
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
        // A field of that name would decide the tenant where nobody looks.
        guard !body.contains("enterprise_project_id") else {
            throw Refusal(.badEnterpriseProject, "enterprise_project_id stands in a form.", hint: "Send it in the query.")
        }
        return RequestContent(body: body, contentType: contentType, enterpriseProject: nil, isJSON: false)
    }
}

extension ByteBuffer {
    /// Whether the text occurs, in any case of its letters.
    fileprivate func contains(_ lowercase: String) -> Bool {
        let pattern = Array(lowercase.utf8)
        return withUnsafeReadableBytes { bytes in
            guard bytes.count >= pattern.count else { return false }
            return (0...(bytes.count - pattern.count)).contains { start in
                pattern.indices.allSatisfy { offset in
                    let byte = bytes[start + offset]
                    return (byte &- 0x41 < 26 ? byte | 0x20 : byte) == pattern[offset]
                }
            }
        }
    }
}
