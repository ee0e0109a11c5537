import Testing

@testable import Policy

@Suite struct RequestTargetTests {
    static let canonicalForms: [(raw: String, canonical: String)] = [
        ("/", "/"),
        ("/?", "/"),
        ("/v5/p/export-task", "/v5/p/export-task"),
        ("/v5/p/export-task?", "/v5/p/export-task"),
        ("/v5/p/export-task?&&", "/v5/p/export-task"),
        ("/v5/p/download/%61%7e%2D", "/v5/p/download/a~-"),
        ("/v5/p/download/a+b:c@d", "/v5/p/download/a%2Bb%3Ac%40d"),
        ("/v5/p/download/a%2bb%3ac", "/v5/p/download/a%2Bb%3Ac"),
        ("/v5/p/download/100%25", "/v5/p/download/100%25"),
        ("/v5/p/download/50%25off", "/v5/p/download/50%25off"),
        ("/v5/p/download/%e9%95%9c%E5%83%8F", "/v5/p/download/%E9%95%9C%E5%83%8F"),
        ("/v5/p/download/a%20b", "/v5/p/download/a%20b"),
        ("/v5/p/download/a%23b%3Fc", "/v5/p/download/a%23b%3Fc"),
        ("/v5/p/download/...", "/v5/p/download/..."),
        ("/v5/p/x?limit=10&category=host", "/v5/p/x?category=host&limit=10"),
        ("/v5/p/x?k=b&k=a&k=a", "/v5/p/x?k=a&k=a&k=b"),
        ("/v5/p/x?k=10&k=100&k=9", "/v5/p/x?k=10&k=100&k=9"),
        ("/v5/p/x?vul_name", "/v5/p/x?vul_name="),
        ("/v5/p/x?vul_name=", "/v5/p/x?vul_name="),
        ("/v5/p/x?&b=2&&a=1&", "/v5/p/x?a=1&b=2"),
        ("/v5/p/x?q=a+b", "/v5/p/x?q=a%2Bb"),
        ("/v5/p/x?q=a=b==", "/v5/p/x?q=a%3Db%3D%3D"),
        ("/v5/p/x?q=/a:b@c,d*(e)!$'", "/v5/p/x?q=%2Fa%3Ab%40c%2Cd%2A%28e%29%21%24%27"),
        ("/v5/p/x?q=a%2520b", "/v5/p/x?q=a%2520b"),
        ("/v5/p/x?q=a%2Fb%5cc%3Bd%26e", "/v5/p/x?q=a%2Fb%5Cc%3Bd%26e"),
        ("/v5/p/x?q=%C3%A9&q=e%CC%81&q=z", "/v5/p/x?q=e%CC%81&q=z&q=%C3%A9"),
        ("/v5/p/x?q=%F0%9F%98%80&q=%EF%BF%BD", "/v5/p/x?q=%EF%BF%BD&q=%F0%9F%98%80"),
        ("/v5/p/x?a%5B0%5D=1&a0=2&a~=3", "/v5/p/x?a0=2&a%5B0%5D=1&a~=3"),
        ("/v5/p/x?a=1&A=2&a.b=3&a-b=4", "/v5/p/x?A=2&a=1&a-b=4&a.b=3"),
    ]

    @Test(arguments: canonicalForms)
    func `has one spelling of each target`(raw: String, canonical: String) throws {
        let target = try RequestTarget(originForm: raw)
        #expect(target.pathAndQuery == canonical)
        #expect(try RequestTarget(originForm: canonical).bytes == target.bytes)
        #expect(target.pathAndQuery == target.path + (target.query.isEmpty ? "" : "?" + target.query))
    }

    static let refusals: [(raw: String, error: RequestTargetError)] = [
        ("", .notOriginForm), ("*", .notOriginForm), ("?limit=10", .notOriginForm), ("v5/p", .notOriginForm),
        ("http://gw/v5/p/x", .notOriginForm),
        ("//evil.test/v5", .emptySegment(at: 1)), ("/v5//p", .emptySegment(at: 4)), ("/v5/p//", .emptySegment(at: 6)),
        ("/v5/p/", .trailingSlash(at: 5)), ("/v5/p/?a=1", .trailingSlash(at: 5)),
        ("/v5/p/../admin", .dotSegment(at: 6)), ("/v5/./p", .dotSegment(at: 4)), ("/..", .dotSegment(at: 1)),
        ("/v5/p/%2e%2E/admin", .dotSegment(at: 6)), ("/v5/p/.%2e/admin", .dotSegment(at: 6)), ("/v5/%2e", .dotSegment(at: 4)),
        ("/v5/p/a%2fb", .encodedSlash(at: 7)), ("/v5/p/..%2Fb", .encodedSlash(at: 8)),
        ("/v5/p/%252e%252e/x", .doubleEncoding(at: 6)), ("/v5/p/..%252fx", .doubleEncoding(at: 6)),
        ("/v5/p/%25252e", .doubleEncoding(at: 6)), ("/v5/p/a%25%32%46", .doubleEncoding(at: 6)),
        ("/v5/p\\..\\x", .backslash(at: 5)), ("/v5/p/..%5cx", .backslash(at: 8)), ("/v5/p/x?q=a\\b", .backslash(at: 11)),
        ("/v5/p;q/x", .pathParameter(at: 5)), ("/v5/p/x;jsessionid=1", .pathParameter(at: 7)), ("/v5/p%3bq/x", .pathParameter(at: 5)),
        ("/v5/p%00/x", .controlCharacter(at: 5)), ("/v5/p%0d%0aX:1/x", .controlCharacter(at: 5)),
        ("/v5/p/a\u{0}", .controlCharacter(at: 7)),
        ("/v5/p/x?q=a\tb", .controlCharacter(at: 11)), ("/v5/p/x?q=a\u{7F}", .controlCharacter(at: 11)),
        ("/v5/p/x?q=%0A", .controlCharacter(at: 10)), ("/v5/p/x?q=%00", .controlCharacter(at: 10)),
        ("/v5/p/%c2%85", .controlCharacter(at: 6)),
        ("/v5/p/x#frag", .fragment(at: 7)), ("/v5/p/x?a=1#frag", .fragment(at: 11)),
        ("/v5/p/%zz", .invalidPercentEscape(at: 6)), ("/v5/p/x%", .invalidPercentEscape(at: 7)),
        ("/v5/p/x%2", .invalidPercentEscape(at: 7)),
        ("/v5/p/x?q=%4", .invalidPercentEscape(at: 10)), ("/v5/p/%u002e", .invalidPercentEscape(at: 6)),
        ("/v5/p/%FFx", .invalidUTF8(at: 6)), ("/v5/p/..%c0%af", .invalidUTF8(at: 8)), ("/v5/p/%ed%a0%80", .invalidUTF8(at: 6)),
        ("/v5/p/%e9%95", .invalidUTF8(at: 6)), ("/v5/p/%e9x", .invalidUTF8(at: 6)), ("/v5/p/x?q=%f4%90%80%80", .invalidUTF8(at: 10)),
        ("/v5/p/%ef%bc%8e%ef%bc%8e/x", .lookAlikeDelimiter(at: 6)), ("/v5/p/a%EF%BC%8Fb", .lookAlikeDelimiter(at: 7)),
        ("/v5/p/x%20", .surroundingSpace(at: 6)), ("/v5/p/%20x", .surroundingSpace(at: 6)),
        ("/v5/p/a b", .forbiddenByte(0x20, at: 7)), ("/v5/p/{id}", .forbiddenByte(0x7B, at: 6)),
        ("/v5/p/x?q=a\"b", .forbiddenByte(0x22, at: 11)),
        ("/v5/p/x?q=a|b", .forbiddenByte(0x7C, at: 11)), ("/v5/p/x?q=é", .forbiddenByte(0xC3, at: 10)),
        ("/v5/p/x?q=a^", .forbiddenByte(0x5E, at: 11)),
        ("/v5/p/x?limit=1;a=2", .ambiguousSeparator(at: 15)), ("/v5/p/x?limit=1?a=2", .ambiguousSeparator(at: 15)),
        ("/v5/p/x??a=2", .ambiguousSeparator(at: 8)), ("/v5/p/x?a=1&amp;b=2", .ambiguousSeparator(at: 15)),
        ("/v5/p/x?=1", .queryName(at: 8)), ("/v5/p/x?a+=1", .queryName(at: 8)), ("/v5/p/x?a%20=1", .queryName(at: 8)),
        ("/v5/p/x?%c3%a9=1", .queryName(at: 8)), ("/v5/p/x?a%26b=1", .queryName(at: 8)),
        ("/v5/p/x?project_id=f", .projectInQuery(at: 8)), ("/v5/p/x?a=1&X-Project-Id=f", .projectInQuery(at: 12)),
        ("/v5/p/x?projectId=f", .projectInQuery(at: 8)),
        ("/v5/p/x?X-Auth-Token=t", .credentialInQuery(at: 8)), ("/v5/p/x?%41uthorization=t", .credentialInQuery(at: 8)),
        ("/v5/p/x?x-sdk-date=t", .credentialInQuery(at: 8)), ("/v5/p/x?cookie=t", .credentialInQuery(at: 8)),
    ]

    @Test(arguments: refusals)
    func `refuses a target that two parsers could read differently`(raw: String, error: RequestTargetError) {
        #expect(throws: error) { try RequestTarget(originForm: raw) }
        #expect(!error.sentence.isEmpty)
    }

    @Test func `refuses any raw byte beyond ASCII`() {
        for byte in UInt8(0x80)...0xFF {
            let raw = Array("/v5/p/x?q=".utf8) + [byte]
            #expect(throws: RequestTargetError.forbiddenByte(byte, at: 10)) { try RequestTarget(originForm: raw.span) }
        }
    }

    @Test func `accepts exactly the bytes that the standard allows raw`() {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        let sets: [(String, String)] = [("/v5/p/a", unreserved + "!$&'()*+,=:@"), ("/v5/p/x?q=a", unreserved + "!$'()*+,=:@/&")]
        for (prefix, allowed) in sets {
            for byte in UInt8(0x21)...0x7E where !"/?%".utf8.contains(byte) || prefix.contains("?") && byte == UInt8(ascii: "/") {
                let raw = Array(prefix.utf8) + [byte]
                let isAccepted = (try? RequestTarget(originForm: raw.span)) != nil
                #expect(isAccepted == allowed.utf8.contains(byte), "byte \(byte) after \(prefix)")
            }
        }
    }

    @Test func `keeps its limits`() throws {
        let longest = "/" + String(repeating: "a", count: RequestTarget.maximumBytes - 1)
        #expect(try RequestTarget(originForm: longest).bytes.count == RequestTarget.maximumBytes)
        #expect(throws: RequestTargetError.tooLong(bytes: RequestTarget.maximumBytes + 1, limit: RequestTarget.maximumBytes)) {
            try RequestTarget(originForm: longest + "a")
        }
        let growing = "/a?q=" + String(repeating: ":", count: RequestTarget.maximumBytes / 2)
        #expect(throws: RequestTargetError.self) { try RequestTarget(originForm: growing) }

        let deepest = String(repeating: "/a", count: RequestTarget.maximumSegments)
        #expect(try RequestTarget(originForm: deepest).segments.count == RequestTarget.maximumSegments)
        #expect(throws: RequestTargetError.tooManySegments(limit: RequestTarget.maximumSegments)) {
            try RequestTarget(originForm: deepest + "/a")
        }

        let widest = "/a?" + Array(repeating: "k=1", count: RequestTarget.maximumQueryPairs).joined(separator: "&")
        #expect(throws: Never.self) { try RequestTarget(originForm: widest) }
        #expect(throws: RequestTargetError.tooManyQueryPairs(limit: RequestTarget.maximumQueryPairs)) {
            try RequestTarget(originForm: widest + "&k=1")
        }

        let name = String(repeating: "n", count: RequestTarget.maximumQueryNameBytes)
        #expect(throws: Never.self) { try RequestTarget(originForm: "/a?\(name)=1") }
        #expect(throws: RequestTargetError.queryName(at: 3)) { try RequestTarget(originForm: "/a?\(name)n=1") }
    }

    @Test func `shows its segments decoded and canonical`() throws {
        let segments = try RequestTarget(originForm: "/v5/p/%e9%95%9c%20a/x?a=1").segments
        #expect(segments.map { String(decoding: $0, as: UTF8.self) } == ["v5", "p", "%E9%95%9C%20a", "x"])
        #expect(PercentCoding.decoded(segments[2]) == "镜 a")
        #expect(try RequestTarget(originForm: "/").segments.isEmpty)
    }

    @Test func `every sorted order agrees with sorting the decoded pairs`() throws {
        var generator = SplitMix64(seed: 20_261_123)
        let pieces = ["a", "b", "%C3%A9", "~", "-", "%20", "10", "9", "%2B", "%F0%9F%98%80", "Z", "%5B", "_", ""]
        for _ in 0..<500 {
            let pairs = (0..<Int.random(in: 0...7, using: &generator)).map { _ in
                ("k" + (["a", "", "%5B", "~", "-b"].randomElement(using: &generator) ?? ""), pieces.randomElement(using: &generator) ?? "")
            }
            let target = try RequestTarget(originForm: "/p?" + pairs.map { "\($0)=\($1)" }.joined(separator: "&"))
            let expected = pairs.sorted { first, second in
                let (left, right) = (Self.decode(first.0), Self.decode(second.0))
                if left != right { return left.lexicographicallyPrecedes(right) }
                return Self.decode(first.1).lexicographicallyPrecedes(Self.decode(second.1))
            }
            #expect(target.query == expected.map { "\($0)=\($1)" }.joined(separator: "&"))
        }
    }

    @Test(arguments: [
        ("/v5/p/a%3Bb", false), ("/v5/p/a%09b", false), ("/v5/p/%20a", false), ("/v5/p/x?n%C3%A9=1", false), ("/v5/p/a%2Fb", false),
        ("/v5/p/a b", true), ("/v5/p/a%2", true), ("/v5/p/a%2525b", true), ("/v5/p/x?q=\u{E9}", true),
    ])
    func `only what is encoded wrongly is told to encode`(target: String, isEncodingFault: Bool) {
        let error = #expect(throws: RequestTargetError.self) { _ = try RequestTarget(originForm: target) }
        #expect(error?.hint.contains("Percent-encode") == isEncodingFault, "\(error?.hint ?? "")")
    }

    private static func decode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
