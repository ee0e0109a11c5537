import Policy

@testable import Credentials

/// Generates random requests as callers could send them, and random credentials to sign them with.
struct RequestGenerator {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    struct Example: ~Copyable {
        let request: CredentialRequest
        let pair: AccessKeyPair
        let secretKey: String
        let body: [UInt8]
        let time: SigningTime
    }

    mutating func next() throws -> Example {
        let body = body()
        let target = try RequestTarget(originForm: target())
        var request = CredentialRequest(
            method: pick(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]), target: target,
            host: pick(["hss.cn-north-4.myhuaweicloud.com", "127.0.0.1:8443", "Gateway:443", "[::1]:80"]),
            payload: body.withUnsafeBytes { PayloadHash(of: $0) }
        )
        request.contentType = pick([
            nil, "application/json", "application/json; charset=utf-8", "multipart/form-data; boundary=XyZ", "text/plain",
            "Application/JSON",
        ])
        request.region = pick([nil, "cn-north-4", " cn-east-3\t"])
        request.projectID = pick([nil, "0123456789abcdef0123456789abcdef"])
        let secretKey = text(length: 1...100, of: Self.keyLetters)
        let token = pick([nil, text(length: 1...600, of: Self.keyLetters)])
        let pair = AccessKeyPair(
            accessKeyID: text(length: 1...24, of: Self.keyLetters), secretKey: Secret(secretKey), securityToken: token.map(Secret.init))
        let time = SigningTime(secondsSinceEpoch: Int64.random(in: 0...4_000_000_000, using: &random))
        return Example(request: request, pair: pair, secretKey: secretKey, body: body, time: time)
    }

    private static let keyLetters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-.")
    private static let plain = Array("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-._~")
    private static let special = Array("!$&'()*+,=:@ \"<>[]^`{|}#?é镜像😀\u{301}ß")

    /// A raw target in any spelling that a caller may use: characters escaped or not, hexadecimal digits in either case.
    private mutating func target() -> String {
        var raw = "/v5/0123456789abcdef0123456789abcdef"
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            // A plain character on either side keeps spaces and dots away from the ends, where they are refused.
            raw += "/" + spell("a" + content(maximum: 12) + "z", literal: "!$&'()*+,=:@")
        }
        let pairs = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let name = pick(["limit", "offset", "event_types", "k", "K", "vul_name", "a[0]", "sort_key", "q~", "q-", "q."])
            let value = spell(content(maximum: 20), literal: "!$'()*+,=:@/")
            return value.isEmpty && Bool.random(using: &random) ? spell(name, literal: "") : spell(name, literal: "") + "=" + value
        }
        return pairs.isEmpty ? raw : raw + "?" + pairs.joined(separator: "&")
    }

    private mutating func content(maximum: Int) -> String {
        text(length: 0...maximum, of: Self.plain + Self.special)
    }

    private mutating func spell(_ text: String, literal: String) -> String {
        var raw = ""
        for byte in text.utf8 {
            let scalar = Character(Unicode.Scalar(byte))
            let mayStand = byte < 0x80 && (Self.plain.contains(scalar) || literal.contains(scalar))
            if mayStand && Int.random(in: 0..<8, using: &random) > 0 {
                raw.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: Bool.random(using: &random))
                raw += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return raw
    }

    private mutating func body() -> [UInt8] {
        let count = pick([0, 0, 1, 63, 64, 65, 500])
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private mutating func text(length: ClosedRange<Int>, of letters: [Character]) -> String {
        String((0..<Int.random(in: length, using: &random)).map { _ in pick(letters) })
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }
}
