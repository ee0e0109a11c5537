import Testing

/// Requests signed by the official Python signer (huaweicloudsdkcore 3.1.219) on 2026-11-23T08:15:30Z, as they go on the wire.
struct SignatureVector: Sendable, CustomTestStringConvertible {
    static let accessKey = "SBXVECTORACCESSKEY01"
    static let secretKey = "SbxVectorSecretKey0123456789abcdefghijkl"

    var name: String
    var method: String
    var target: String
    var signedHeaders: String
    var signature: String
    var contentType = "application/json"
    var isUnsignedPayload = false
    var body = ""

    var testDescription: String { name }

    /// The header lines of the request.
    var headers: [(String, String)] {
        let payload = isUnsignedPayload ? [("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")] : []
        return [
            ("Content-Type", contentType), ("X-Project-Id", RunningSandbox.project), ("User-Agent", "vector/1"),
            ("X-Sdk-Date", "20261123T081530Z"), ("Host", "hss.sandbox.test:8443"),
            ("Authorization", "SDK-HMAC-SHA256 Access=\(Self.accessKey), SignedHeaders=\(signedHeaders), Signature=\(signature)"),
        ] + payload
    }

    private static let usual = "content-type;host;user-agent;x-project-id;x-sdk-date"
    private static let withPayload = "content-type;host;user-agent;x-project-id;x-sdk-content-sha256;x-sdk-date"
    private static let root = "/v5/0123456789abcdef0123456789abcdef"

    static let all: [SignatureVector] = [
        SignatureVector(
            name: "an export with a JSON body", method: "POST",
            target: root + "/image/baseline/export?enterprise_project_id=all_granted_eps&export_size=100",
            signedHeaders: usual, signature: "9e3eb509e8a6bf0013c79b6d3e06d9e323bf6a1221be246e678d0b8e2b93c92a",
            body: #"{"operate_all": true}"#),
        SignatureVector(
            name: "a list with values that need encoding", method: "GET",
            target: root + "/vulnerability/vulnerabilities?cve_id=&limit=10&type=linux_vul&vul_name=a%20b%2Bc%26d%3D%25%2F%C3%A9",
            signedHeaders: usual, signature: "eb53c585ed6452940b256e3baf41fe2e43c18a2a85e8aa8ed8c87e4f9796beee"),
        SignatureVector(
            name: "repeated keys", method: "GET", target: root + "/event/events?event_types=1002&event_types=4001&severity_list=High",
            signedHeaders: usual, signature: "383b298cdf62da417b60c9b7fc156dba65294d827461ccabcf0249621f31d296"),
        SignatureVector(
            name: "a DELETE with a body", method: "DELETE", target: root + "/app/policy",
            signedHeaders: usual, signature: "7436c76dda36b8926aa35dcdb8577b4fb98682d96db35712084fec1aed7d1ed4",
            body: #"{"policy_id_list":["p1"]}"#),
        SignatureVector(
            name: "a path with escapes", method: "GET", target: root + "/export-task/a%20b%2Cc~",
            signedHeaders: usual, signature: "1c70545bb45d5f6193433bf1c5840853f5543b5fec0d5d6962444d67edb2cf14"),
        SignatureVector(
            name: "a body that isn't JSON", method: "POST", target: root + "/report/logo/upload",
            signedHeaders: withPayload, signature: "e8f22151796941a86f676effc97983e266961e08ca7ad2ea567194412fa4996b",
            contentType: "multipart/form-data; boundary=b", isUnsignedPayload: true, body: #"--b--"#),
        SignatureVector(
            name: "an empty body that isn't JSON", method: "POST", target: root + "/report/logo/upload",
            signedHeaders: withPayload, signature: "17148c6d1dc127f0296660dd1cefa86e15535334a7937fd35168661d8ca0c075",
            contentType: "text/plain", isUnsignedPayload: true),
        SignatureVector(
            name: "text beyond ASCII", method: "POST", target: root + "/image/baseline/export?enterprise_project_id=0",
            signedHeaders: usual, signature: "f93bcbffb3eb39b43d5b6a23936ef2268cecd331788f9cfb311ae9fbf6bcfbbd",
            body: #"{"image_name":"镜像"}"#),
    ]
}
