import Codecs
import Crypto

@testable import Audit
@testable import Credentials
@testable import Gateway
@testable import Inquiry
@testable import Policy
@testable import Recognition
@testable import Spans

// MARK: - What is signed

extension FuzzTarget {
    private static let pair = AccessKeyPair(accessKeyID: "HGVAAAAAAAAAAAAAAAAA", secretKey: Secret(String(repeating: "k", count: 40)))
    private static let key = SigningKey(pair)

    /// The first line is the target, the second the media type, the third the region. Three ways to the text that is signed agree: the one for
    /// requests of callers, the one for the gateway's own, and the one that a receiver rebuilds.
    static func sign(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let target = try? RequestTarget(originForm: lines[0]) else { return }
        let (type, region) = (lines.count > 1 ? lines[1] : nil, lines.count > 2 ? lines[2] : nil)
        let request = CredentialRequest(
            method: "POST", target: target, host: "hss.example", contentType: type, region: region, projectID: "p",
            payload: PayloadHash(verbatim: String(repeating: "0", count: 64)))
        let time = SigningTime(secondsSinceEpoch: 1_793_491_200)
        guard let fields = try? CanonicalFields(request) else { return }
        let ours = CanonicalRequest(request, fields: fields, key: key, date: SigningDate(time))

        var headers = [SignedHeader("Host", "hss.example"), SignedHeader("X-Project-Id", "p"), SignedHeader("X-Sdk-Date", time.dateText)]
        if let type { headers.append(SignedHeader("Content-Type", type)) }
        if let region { headers.append(SignedHeader("Region", region)) }
        if fields.declaresUnsigned { headers.append(SignedHeader("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")) }
        let query = target.query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { PercentCoding.decoded(Array($0.utf8)[...]) }
            return QueryItem(parts[0], parts[1])
        }
        let plain = UnsignedRequest(method: "POST", path: target.path, query: query, headers: headers, payload: fields.payload)
        guard let other = try? CanonicalRequest(plain) else { preconditionFailure("what is signed for a caller can be signed for us") }
        precondition(ours.bytes == other.bytes && ours.signedHeaders == other.signedHeaders, "both texts are the same")

        let sent = headers.map { (name: $0.name.lowercased(), value: HeaderText.trimmed($0.value)) }.sorted { $0.name < $1.name }
        let received = ReceivedForm(method: "POST", target: target.pathAndQuery, fields: sent)
        precondition(received.digests(payloads: [fields.payload.text]).contains(SHA256.hash(data: ours.bytes)), "whoever receives it rebuilds it")
        guard let header = SignatureHeader(SDKHMACSigner.sign(ours, with: key, at: time)) else { preconditionFailure("a header that can be read") }
        precondition(header.signedHeaders == sent.map(\.name) && header.accessKeyID == pair.accessKeyID, "the fields and the key that signed")
    }
}

// MARK: - Times

extension FuzzTarget {
    /// A text that may be a time, and the same bytes as a number.
    static func readTime(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let http = HTTPDate.seconds(text)
        if let http, http >= 0 { precondition(HTTPDate.seconds(HTTPDate.text(Int(http))) == http, "what is written is read as the same") }
        if let http, let other = ServiceTime.seconds(http: text) { precondition(http == other, "one date has one meaning") }
        let now = Timestamp(microseconds: 1_793_491_200_000_000)
        let human = TimeText.read(text, now: now)
        if let human, let other = ServiceTime.seconds(iso: text) { precondition(human.microseconds / 1_000_000 == other, "one time has one meaning") }
        if let exact = bytes.withUnsafeBytes({ Timestamp($0) }) {
            precondition(exact.description == text || exact.microseconds == 0, "a record's time has one spelling")
            precondition(human == exact, "whoever reads any form reads that one")
        }
        if let signed = SignatureDate.seconds(text) {
            precondition(SigningTime(secondsSinceEpoch: signed).dateText == text, "a signature's date has one spelling")
        }
        guard bytes.count >= 8 else { return }
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let stamp = Timestamp(microseconds: Int64(bitPattern: number))
        var written = stamp.description
        precondition(written.withUTF8 { Timestamp(UnsafeRawBufferPointer($0)) } == stamp, "what is written is read as the same")
        let date = CivilDate(daysSinceEpoch: Int(number % 2_932_897))
        precondition(date.daysSinceEpoch == Int(number % 2_932_897), "a day's number leads back to it")
        precondition(CivilDate(year: date.year, month: date.month, day: date.day) == date, "there is such a day")
    }
}

// MARK: - Where a request comes from

extension FuzzTarget {
    private static let trusted = ["10.0.0.0/8", "fd00::/8"].compactMap { Network($0) }

    /// The first line is the authority, the second a reason, the third an origin, the others are fields `X-Forwarded-For`.
    static func readOrigin(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let authority = Authority(lines[0]) {
            precondition(Authority.isWellFormed(lines[0]), "both readers take it")
            precondition(Authority(authority.host + (authority.port.map { ":\($0)" } ?? "")) == authority, "what is written is read as the same")
            let own = BrowserOrigin(origins: ["http://\(lines[0])"], sites: [])
            precondition(!own.isForeign(to: lines[0]), "a page of the host itself is not foreign")
        } else {
            precondition(!Authority.isWellFormed(lines[0]), "both readers refuse it")
        }
        _ = LocalAuthority.isLocal(lines[0])
        if lines.count > 1, let reason = (try? AuditReason.reading(lines[1])) ?? nil {
            precondition(reason.utf8.count <= AuditReason.maximumBytes && !reason.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "one line that is short")
            precondition(AuditReason.sane(reason) == reason, "what is kept stays as it is")
        }
        if lines.count > 2 {
            let foreign = BrowserOrigin(origins: [lines[2]], sites: []).isForeign(to: "gw.example")
            precondition(foreign || lines[2].lowercased().contains("gw.example"), "only the host's own pages are not foreign")
        }
        readHops(Array(lines.dropFirst(3)))
    }

    private static func readHops(_ values: [String]) {
        guard let sender = (try? ForwardedFor.sender(values, trusted: trusted)) ?? nil else { return }
        guard let address = NetworkAddress(sender.text) else { preconditionFailure("an address") }
        precondition(address.text == sender.text, "one spelling, which is read as the same")
        let places = values.flatMap { $0.split { ", \t[]".contains($0) } }
        let withoutPorts = places.map { $0[..<($0.lastIndex(of: ":") ?? $0.endIndex)] }
        precondition((places + withoutPorts).contains { NetworkAddress(String($0)) == address }, "an address that stands there")
        guard let network = Network(address.sourceNetwork) else { preconditionFailure("a sender's network is one") }
        precondition(network.contains(address), "it contains its sender")
        let further = (try? ForwardedFor.sender(values + ["10.1.2.3"], trusted: trusted)) ?? nil
        precondition(further == sender, "one trusted hop more changes nothing")
        guard let client = sender.client else { return precondition(trusted.contains { $0.contains(address) }, "only a proxy is no client") }
        precondition(client == address && !trusted.contains { $0.contains(address) }, "no proxy is a client")
        let forged = (try? ForwardedFor.sender(["192.0.2.99, nonsense"] + values, trusted: trusted)) ?? nil
        precondition(forged == sender, "what the client wrote before changes nothing")
    }

    /// The first line is `traceparent`, the others are fields `tracestate`.
    static func readTrace(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let parent = TraceParent(lines[0]) {
            precondition(TraceParent(parent.text) == parent && parent.text.utf8.count == 55, "what is written is read as the same")
            precondition(lines[0].utf8.dropFirst(3).prefix(49).elementsEqual(parent.text.utf8.dropFirst(3).prefix(49)), "the same identifiers")
        }
        if let state = TraceState(Array(lines.dropFirst())) {
            precondition(TraceState([state.text]) == state && state.text.utf8.count <= 512, "what is written is read as the same")
            precondition(state.text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "printable ASCII")
        }
    }
}
