import NIOHTTP1
import Policy

/// The fields of a caller's request that the gateway uses, extracted in one pass.
///
/// It is an allow-list: fields that aren't named here never reach the cloud. A caller's credentials, forwarding headers,
/// cookies and other fields that name internal people or hosts are dropped because they are unknown, whatever their
/// spelling.
///
/// A class, because it is passed through many functions: as a struct, each step retained and released its dozen references. Its strings and arrays
/// are assigned as a whole and never changed in place, so that no access to one can overlap another and the compiler needs no check at run time.
package final class InboundFields {
    /// Values as received; more than one `Host` or framing field is a fault that `WireJudge` finds by the counts.
    package private(set) var host: String?
    private(set) var hostCount = 0
    private(set) var contentLength: String?
    private(set) var contentLengthCount = 0
    private(set) var transferEncoding: String?
    private(set) var transferEncodingCount = 0
    private(set) var connection: [String] = []
    package private(set) var expectsContinue = false
    private(set) var contentType: String?
    private(set) var contentTypeCount = 0
    private(set) var contentEncodings: [String] = []

    /// Fields addressed to the gateway itself, or that tell it about the sender.
    private(set) var requestID: String?
    private(set) var auditReason: String?
    private(set) var auditReasonCount = 0
    private(set) var userAgent: String?
    /// Whether another gateway has forwarded the request.
    private(set) var comesFromGateway = false
    private(set) var idempotencyKey: String?
    private(set) var idempotencyKeyCount = 0

    /// The credentials of the caller; never forwarded. All values, because two would be a contradiction.
    private(set) var authorization: [String] = []
    private(set) var callerKey: [String] = []
    private(set) var callerToken: [String] = []
    /// Whether a proxy names the original client.
    private(set) var showsForwarding = false
    /// What a browser states about the page that made the request.
    private(set) var browser = BrowserOrigin()
    /// Whether a browser sent the request, from any page.
    var comesFromBrowser: Bool { !browser.isSilent || browser.showsMetadata || BrowserOrigin.isBrowser(userAgent) }
    var showsSender: Bool { !authorization.isEmpty || !callerKey.isEmpty || !callerToken.isEmpty }

    /// Forwarded when the operation and the kind allow it.
    private(set) var accept: String?
    private(set) var acceptLanguage: String?
    private(set) var acceptEncoding: String?
    private(set) var language: String?
    private(set) var languageCount = 0
    private(set) var region: String?
    private(set) var regionCount = 0
    /// The trace that the request belongs to (W3C Trace Context); two values of the first field would be
    /// invalid.
    private(set) var traceParent: String?
    private(set) var traceParentCount = 0
    private(set) var traceState: [String] = []
    /// Which part of a file is requested, and of which version of it (RFC 9110 section 14.2).
    private(set) var range: String?
    private(set) var ifRange: String?
    private(set) var rangeCount = 0
    private(set) var ifRangeCount = 0

    init(_ headers: HTTPHeaders) {
        // HTTP/2 leaves blanks at the ends of values (OWS, RFC 9110 section 5.5), which are not part of the
        // value.
        var repeated = RepeatedFields()
        for (name, value) in headers { take(name, value.hasOuterBlanks ? String(Substring(value).trimmingBlanks()) : value, &repeated) }
        keep(repeated)
        if !connection.isEmpty { dropNamed() }
    }

    /// Fields that may stand many times. They are collected in place: taken over one by one, each would be a copy of all before it.
    private struct RepeatedFields {
        var connection: [String] = []
        var contentEncodings: [String] = []
        var authorization: [String] = []
        var callerKey: [String] = []
        var callerToken: [String] = []
        var traceState: [String] = []
        var requestID: [String] = []
        var accept: [String] = []
        var acceptLanguage: [String] = []
        var acceptEncoding: [String] = []
        var browser = BrowserOrigin()
    }

    private func keep(_ repeated: RepeatedFields) {
        connection = repeated.connection
        contentEncodings = repeated.contentEncodings
        authorization = repeated.authorization
        callerKey = repeated.callerKey
        callerToken = repeated.callerToken
        traceState = repeated.traceState
        requestID = Self.joined(repeated.requestID)
        accept = Self.joined(repeated.accept)
        acceptLanguage = Self.joined(repeated.acceptLanguage)
        acceptEncoding = Self.joined(repeated.acceptEncoding)
        browser = repeated.browser
    }

    /// Fields that `Connection` names are for this connection alone (RFC 9110 section 7.6.1): none is passed on. What is signed in any case, or only
    /// for the gateway itself, stays.
    private func dropNamed() {
        for value in connection {
            value.forEachMember { option in
                switch option.count {
                case 5 where option.isField("range"): (range, rangeCount) = (nil, 0)
                case 6 where option.isField("accept"): accept = nil
                case 6 where option.isField("region"): (region, regionCount) = (nil, 0)
                case 8 where option.isField("if-range"): (ifRange, ifRangeCount) = (nil, 0)
                case 10 where option.isField("x-language"): (language, languageCount) = (nil, 0)
                case 15 where option.isField("accept-encoding"): acceptEncoding = nil
                case 15 where option.isField("accept-language"): acceptLanguage = nil
                default: break
                }
            }
        }
    }

    /// Whether `Authorization` contains a bearer token, ours or another: an SDK that finds the field filled in leaves the project out.
    var showsBearer: Bool { authorization.first.map { String($0.prefix(7)).isField("bearer ") } ?? false }

    /// If a field that decides or explains something came twice, the gateway would have to choose one: it
    /// refuses.
    func checkRepetitions() throws(Refusal) {
        if languageCount > 1 { throw WireJudge.malformed("X-Language stands more than once.", "Send one X-Language.") }
        if regionCount > 1 { throw WireJudge.malformed("The region header stands more than once.", "Send one region header.") }
        if rangeCount > 1 { throw WireJudge.malformed("Range stands more than once.", "Send one Range; several parts stand in one field.") }
        if ifRangeCount > 1 { throw WireJudge.malformed("If-Range stands more than once.", "Send one If-Range.") }
    }

    /// The caller's `X-Audit-Reason` in the form that is recorded; nil when it has no content.
    func reason() throws(Refusal) -> String? {
        guard let auditReason else { return nil }
        if auditReasonCount > 1 { throw WireJudge.malformed("X-Audit-Reason stands more than once.", "Send one X-Audit-Reason.") }
        do throws(AuditReason.Unreadable) {
            return try AuditReason.reading(auditReason)
        } catch {
            throw WireJudge.malformed("X-Audit-Reason is not UTF-8.", "Send it in UTF-8, or percent-encode its UTF-8: 审计 is %E5%AE%A1%E8%AE%A1.")
        }
    }

    /// Several fields of a list are one (RFC 9110 section 5.3). Two ids are none.
    private static func joined(_ values: [String]) -> String? { values.count > 1 ? values.joined(separator: ", ") : values.first }

    private func take(_ name: String, _ value: String, _ repeated: inout RepeatedFields) {
        // Names are compared by length first: this distinguishes nearly every field of a request without a loop.
        switch name.utf8.count {
        case 5 where name.isField("range"):
            range = value
            rangeCount += 1
        case 8 where name.isField("if-range"):
            ifRange = value
            ifRangeCount += 1
        case 4 where name.isField("host"):
            host = value
            hostCount += 1
        case 6:
            if name.isField("accept") {
                repeated.accept.append(value)
            } else if name.isField("region") {
                region = value
                regionCount += 1
            } else if name.isField("expect") {
                expectsContinue = expectsContinue || value.isField("100-continue")
            } else if name.isField("origin") {
                repeated.browser.add(origin: value)
            }
        case 10:
            if name.isField("connection") {
                repeated.connection.append(value)
            } else if name.isField("user-agent") {
                userAgent = value
            } else if name.isField("x-language") {
                language = value
                languageCount += 1
            } else if name.isField("tracestate") {
                repeated.traceState.append(value)
            }
        case 12:
            if name.isField("content-type") {
                contentType = value
                contentTypeCount += 1
            } else if name.isField("x-request-id") {
                repeated.requestID.append(value)
            } else if name.isField("x-hssgw-hops") {
                comesFromGateway = comesFromGateway || value != "0"
            }
        case 11:
            if name.isField("x-hssgw-key") {
                repeated.callerKey.append(value)
            } else if name.isField("traceparent") {
                traceParent = value
                traceParentCount += 1
            }
        case 13:
            if name.isField("authorization") {
                repeated.authorization.append(value)
            } else if name.isField("x-hssgw-token") {
                repeated.callerToken.append(value)
            }
        case 14:
            if name.isField("content-length") {
                contentLength = value
                contentLengthCount += 1
            } else if name.isField("x-audit-reason") {
                auditReason = value
                auditReasonCount += 1
            } else if name.isField("sec-fetch-site") {
                repeated.browser.add(site: value)
            } else if name.isField("sec-fetch-dest") || name.isField("sec-fetch-user") {
                repeated.browser.noteMetadata()
            }
        case 15:
            if name.isField("accept-language") {
                repeated.acceptLanguage.append(value)
            } else if name.isField("accept-encoding") {
                repeated.acceptEncoding.append(value)
            } else if name.isField("x-forwarded-for") {
                showsForwarding = true
            } else if name.isField("idempotency-key") {
                idempotencyKey = value
                idempotencyKeyCount += 1
            }
        case 16 where name.isField("content-encoding"):
            repeated.contentEncodings.append(value)
        case 17 where name.isField("transfer-encoding"):
            transferEncoding = value
            transferEncodingCount += 1
        case 9 where name.isField("forwarded") || name.isField("x-real-ip"):
            showsForwarding = true
        case 9 where name.isField("sec-ch-ua"):
            repeated.browser.noteMetadata()
        default:
            break
        }
    }
}

extension String {
    fileprivate var hasOuterBlanks: Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        return first.isBlank || last.isBlank
    }

    /// Case-insensitive comparison of a field name or token with a lower-case literal (RFC 9110 section 5.1).
    func isField(_ lowercase: StaticString) -> Bool {
        guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
        var expected = lowercase.utf8Start
        for byte in utf8 {
            let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
            guard folded == expected.pointee else { return false }
            expected += 1
        }
        return true
    }
}

extension String {
    /// Calls `body` with the bytes of each member of a list, without blanks around it (RFC 9110 section 5.6.1). A stranger's list may have thousands:
    /// nothing is made of them.
    func forEachMember(_ body: (UnsafeRawBufferPointer) -> Void) {
        var text = self
        text.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            var begin = 0
            for end in 0...bytes.count where end == bytes.count || bytes[end] == UInt8(ascii: ",") {
                // Bounded: by the text's length.
                var last = end
                while begin < last, bytes[begin].isBlank { begin += 1 }
                while begin < last, bytes[last - 1].isBlank { last -= 1 }
                body(UnsafeRawBufferPointer(rebasing: bytes[begin..<last]))
                begin = end + 1
            }
        }
    }
}

extension UInt8 {
    /// A space or a tab, as around values and members (OWS, RFC 9110 section 5.6.3).
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension Substring {
    /// Without blanks and tabs at both ends (OWS, RFC 9110 section 5.6.3).
    func trimmingBlanks() -> Substring {
        var bytes = utf8
        while bytes.first?.isBlank == true { bytes.removeFirst() }
        while bytes.last?.isBlank == true { bytes.removeLast() }
        return Substring(bytes)
    }
}
