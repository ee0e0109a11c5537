import Codecs
import NIOCore

@testable import Credentials
@testable import Gateway
@testable import Policy
@testable import Shipping

// MARK: - Forms

extension FuzzTarget {
    /// The first line is a media type, the others a form whose delimiter is `--b`.
    static func readForm(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        let form = Array(parts[1])
        _ = form.withUnsafeBytes { try? FormScan(form: $0, contentType: String(decoding: parts[0], as: UTF8.self)) }
        guard let scan = form.withUnsafeBytes({ try? FormScan(form: $0, contentType: "multipart/form-data; boundary=b") }) else { return }
        // A reader that splits at whatever looks like a delimiter, with whatever end of line, finds the same parts.
        let found = positions(of: Array("--b".utf8), in: form)
        precondition(found.count == scan.names.count + 1, "no delimiter that others might find")
        for (index, name) in scan.names.enumerated() {
            let part = String(decoding: form[found[index]..<found[index + 1]], as: UTF8.self)
            precondition(part.contains("=\(name)") || part.contains("=\"\(name)\""), "the name that stands there")
            precondition(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "\"") }, "a plain name")
        }
    }

    private static func positions(of needle: [UInt8], in text: [UInt8]) -> [Int] {
        guard text.count >= needle.count else { return [] }
        return (0...text.count - needle.count).filter { text[$0...].starts(with: needle) }
    }
}

// MARK: - JSON of callers

extension FuzzTarget {
    /// Two readers of JSON, and the removal of a member.
    static func readBody(_ bytes: [UInt8]) {
        guard let scan = try? EnterpriseProjectScan(json: bytes.span) else { return }
        precondition(bytes.withUnsafeBytes { JSONCursor.whole($0) } != nil, "what the strict reader takes the lenient one takes too")
        var tenants: [String] = []
        _ = walk(bytes, leavingOut: nil) { name, text in if name == EnterpriseProjectParameter.name, let text { tenants.append(text) } }
        precondition(tenants == scan.enterpriseProjects, "both find the same enterprise projects")
        let (scrubbed, hadToken) = TokenEcho.scrubbed(ByteBuffer(bytes: bytes))
        var tokens = 0
        let left = walk(bytes, leavingOut: TokenEcho.field) { name, _ in if name == TokenEcho.field { tokens += 1 } }
        precondition(hadToken == (tokens > 0), "a token is noticed")
        precondition((try? EnterpriseProjectScan(json: scrubbed.span)) == scan || hadToken, "what has no token stays as it is")
        var rest = 0
        let kept = walk(scrubbed, leavingOut: nil) { name, _ in if name == TokenEcho.field { rest += 1 } }
        precondition(rest == 0 && kept == left, "the token goes, and nothing else")
    }

    /// A text's values in one spelling.
    private static func walk(_ json: [UInt8], leavingOut name: String?, _ visit: (String?, String?) -> Void) -> String? {
        json.withUnsafeBytes { bytes in JSONCursor.whole(bytes).map { text(of: $0, in: bytes, leavingOut: name, visit) } }
    }

    private static func text(
        of value: JSONCursor.Value, in bytes: UnsafeRawBufferPointer, leavingOut name: String?, _ visit: (String?, String?) -> Void
    ) -> String {
        if value.isText { return JSONString.quoted(JSONString.decode(bytes[value.range])) }
        let first = bytes[value.range.lowerBound]
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return String(decoding: bytes[value.range], as: UTF8.self) }
        var members: [String] = []
        JSONCursor.visit(value, in: bytes) { key, member in
            let key = key.map { JSONString.decode(bytes[$0]) }
            visit(key, member.isText ? JSONString.decode(bytes[member.range]) : nil)
            if let key, key == name { return }
            members.append((key.map { JSONString.quoted($0) + ":" } ?? "") + text(of: member, in: bytes, leavingOut: name, visit))
        }
        return "\(UnicodeScalar(first))\(members.joined(separator: ","))"
    }
}

// MARK: - Answers of the cloud's services

extension FuzzTarget {
    private static let statuses = [200, 201, 400, 401, 403, 404, 410, 429, 500]

    /// The first byte chooses a status, the first two lines are `Date` and `Retry-After`, the rest is the body.
    static func readAnswer(_ bytes: [UInt8]) {
        let parts = bytes.dropFirst().split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
        guard let choice = bytes.first, parts.count == 3 else { return }
        let (date, wait) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
        let body = Array(parts[2])
        readMembers(body)
        let pause = RetryAfter.seconds(wait, date: date, now: 1_793_491_200) ?? 0
        precondition((0...31_536_000).contains(pause), "no longer than a year")
        precondition(PartialSuccess.rejected(in: body) >= 0, "so many, or none")
        let notice = QuotaNotice(text: String(decoding: body, as: UTF8.self))
        if let quota = notice.quota { precondition(quota.keeping(.documented).limit <= max(quota.limit, 5), "the stricter of both") }
        let answer = body.withUnsafeBytes {
            IAMResponse(status: statuses[Int(choice) % statuses.count], date: date, retryAfter: wait, body: Secret(copying: $0))
        }
        let place = IAMContext(iam: nil, sts: nil, exchange: NoIAMExchange(), clock: ClockOffset(), wall: { .seconds(1_793_491_200) })
        for material in [try? TemporaryKeys.read(answer, from: .iam, at: place), try? TemporaryKeys.readSTS(answer, at: place)] {
            guard let material else { continue }
            precondition(material.lifetime.map { $0 > .zero } ?? false, "keys that are good for some time")
        }
        let fault = IAMFault(answer, of: .iam)
        precondition(fault.retryAfter.map { (1...3_600).contains($0) } ?? true, "a wait that somebody can bear")
        precondition(fault.code.map { $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } } ?? true, "a code, and not the service's text")
    }

    /// Two readers of the members of an object.
    private static func readMembers(_ body: [UInt8]) {
        let members = JSONMembers(body)
        guard let document = JSONDocument(body), document.isObject else { return }
        var names: [String: Int] = [:]
        body.withUnsafeBytes { bytes in
            guard let whole = JSONCursor.whole(bytes) else { return }
            JSONCursor.visit(whole, in: bytes) { key, _ in names[key.map { JSONString.decode(bytes[$0]) } ?? "", default: 0] += 1 }
        }
        // Of members that stand there twice, one of another type may be passed over.
        for (name, count) in names where count == 1 {
            guard let member = document[name] else { preconditionFailure("a member that is there") }
            if let text = members.string(name) { precondition(member.isText && member.text == text, "the same text") }
            if member.isText, let text = member.text, text.utf8.count <= 40 { precondition(members.string(name) == text, "no text is overlooked") }
            if let number = members.integer(name) { precondition(member.text.flatMap { Int64($0) } == number, "the same number") }
        }
    }
}
