import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct InboundFieldsTests {
    /// Every field that is read, by its usual name.
    private static let readers: [(name: String, read: @Sendable (InboundFields) -> String?)] = [
        ("Host", { $0.host }), ("Accept", { $0.accept }), ("region", { $0.region }), ("Connection", { $0.connection.first }),
        ("User-Agent", { $0.userAgent }), ("X-Language", { $0.language }), ("Content-Type", { $0.contentType }),
        ("X-Request-Id", { $0.requestID }), ("Content-Length", { $0.contentLength }), ("X-Audit-Reason", { $0.auditReason }),
        ("Accept-Language", { $0.acceptLanguage }), ("Accept-Encoding", { $0.acceptEncoding }),
        ("Content-Encoding", { $0.contentEncodings.first }), ("Transfer-Encoding", { $0.transferEncoding }),
    ]

    @Test func `reads each field in any case of its name`() {
        for (name, read) in Self.readers {
            for spelling in [name, name.lowercased(), name.uppercased()] {
                #expect(read(InboundFields([(spelling, "value")])) == "value", "\(spelling)")
            }
        }
    }

    @Test func `takes no field for one whose name is merely like it`() {
        for (name, read) in Self.readers {
            // `@` and backtick are the results of careless case folding of ASCII letters and marks.
            for other in [
                name + "s", String(name.dropLast()), name.replacing("-", with: "_") + (name.contains("-") ? "" : "_"), " " + name,
            ] {
                #expect(read(InboundFields([(other, "value")])) == nil, "\(other)")
            }
        }
        #expect(InboundFields([("Host\u{0}", "x"), ("\u{212A}eep", "x")]).host == nil)
    }

    @Test func `counts what may stand only once`() {
        let fields = InboundFields([
            ("Host", "a"), ("HOST", "b"), ("Content-Length", "1"), ("content-length", "2"), ("Transfer-Encoding", "x"),
            ("transfer-encoding", "y"), ("Content-Type", "t"), ("content-type", "u"), ("Connection", "c"), ("connection", "d"),
        ])
        #expect(fields.hostCount == 2)
        #expect(fields.contentLengthCount == 2)
        #expect(fields.transferEncodingCount == 2)
        #expect(fields.contentTypeCount == 2)
        #expect(fields.connection == ["c", "d"])
    }

    @Test(arguments: [("100-continue", true), ("100-Continue", true), ("200-ok", false), ("", false)])
    func `knows one expectation`(value: String, expects: Bool) {
        #expect(InboundFields([("Expect", value)]).expectsContinue == expects)
    }
}

extension InboundFields {
    fileprivate convenience init(_ fields: [(String, String)]) {
        self.init(HTTPHeaders(fields))
    }
}
