import Foundation
import Testing

@testable import Credentials

/// One signature made by the official signer.
struct SigningVector: Decodable, CustomTestStringConvertible {
    struct RepeatedBody: Decodable {
        let chunk: Data
        let count: Int

        private enum CodingKeys: String, CodingKey { case `repeat` }

        init(from decoder: any Decoder) throws {
            var pair = try decoder.container(keyedBy: CodingKeys.self).nestedUnkeyedContainer(forKey: .repeat)
            chunk = try pair.decode(Data.self)
            count = try pair.decode(Int.self)
        }
    }

    let name: String
    let algorithm: String
    let ak: String
    let sk: String
    let method: String
    let host: String
    let path: String
    let query: [[String]]
    let headers: [String: String]
    let bodyBase64: Data?
    let body: RepeatedBody?
    let xSdkDate: String
    let canonicalRequest: String
    let stringToSign: String
    let authorization: String
    let sdkURI: String
    let quirk: Bool?

    private enum CodingKeys: String, CodingKey {
        case name, algorithm, ak, sk, method, host, path, query, headers, body, authorization, quirk
        case bodyBase64 = "body_base64"
        case xSdkDate = "x_sdk_date"
        case canonicalRequest = "canonical_request"
        case stringToSign = "string_to_sign"
        case sdkURI = "sdk_uri"
    }

    var testDescription: String { name }

    var bytes: [UInt8] {
        if let body { return Array((0..<body.count).map { _ in body.chunk }.joined()) }
        return Array(bodyBase64 ?? Data())
    }

    /// The request before the official signer's preparation: with a date, a host and, for bodies other than JSON, the
    /// declaration.
    var unsigned: UnsignedRequest {
        var prepared = headers
        if let type = headers["Content-Type"], !PayloadHash.isSigned(contentType: type) {
            prepared["X-Sdk-Content-Sha256"] = "UNSIGNED-PAYLOAD"
        }
        if !headers.keys.contains(where: { $0.lowercased() == "x-sdk-date" }) { prepared["X-Sdk-Date"] = xSdkDate }
        if !headers.keys.contains(where: { $0.lowercased() == "host" }) { prepared["Host"] = host }
        let declared = prepared.first { $0.key.lowercased() == "x-sdk-content-sha256" }?.value
        let body = bytes
        let payload =
            body.isEmpty ? PayloadHash.empty : declared.map(PayloadHash.init(verbatim:)) ?? body.withUnsafeBytes { PayloadHash(of: $0) }
        return UnsignedRequest(
            method: method, path: path, query: query.map { QueryItem($0[0], $0[1]) },
            headers: prepared.map { SignedHeader($0.key, $0.value) },
            payload: payload
        )
    }

    var key: SigningKey { SigningKey(AccessKeyPair(accessKeyID: ak, secretKey: Secret(sk))) }

    static func all() throws -> [SigningVector] {
        let data = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("Fixtures/signing-vectors.json")))
        return try JSONDecoder().decode([SigningVector].self, from: data)
    }
}
