package import Credentials
import Crypto
package import Policy

/// The claim that a request was signed with a virtual key. It can only be verified once the body has arrived.
package struct SignatureClaim: Sendable {
    /// A valid signature and the owner of its key. It must be marked as used (`ReplayMemory.use`) before the request is processed.
    package struct Proven: Sendable {
        package let key: CallerFacts.ProvenKey
        package let signature: ReplayMemory.SignatureUse
    }

    private let header: SignatureHeader
    private let entry: CallerKeyTable.VirtualEntry
    private let method: String
    private let target: String
    private let fields: [(name: String, value: String)]
    private let dateText: String
    /// The signed date, seconds since 1970.
    private let date: Int64
    /// What the request declares about its body, if the declaration is signed.
    private let declaredPayload: String?

    /// - Parameter fields: all fields of the request, with their names as received.
    init(
        _ header: SignatureHeader, entry: CallerKeyTable.VirtualEntry, _ request: PresentedRequest, now: Int64
    ) throws(RecognitionFault) {
        var values: [String: String] = [:]
        for (name, value) in request.fields() {
            let name = name.lowercased()
            guard header.signedHeaders.contains(name) else { continue }
            // With a second value it would be unclear which of the two the signature covers.
            guard values.updateValue(value, forKey: name) == nil else { throw .unsignedDate }
        }
        var fields: [(name: String, value: String)] = []
        for name in header.signedHeaders {
            guard let value = values[name] else { throw .unsignedDate }
            fields.append((name, value))
        }
        guard let dateText = values["x-sdk-date"], let date = SignatureDate.seconds(dateText) else { throw .unsignedDate }
        guard abs(date - now) <= SignatureDate.window else { throw .dateOutsideWindow }
        self.header = header
        self.entry = entry
        self.method = request.method
        self.target = request.target
        self.fields = fields
        self.dateText = dateText
        self.date = date
        self.declaredPayload = values["x-sdk-content-sha256"]
    }

    /// - Parameters:
    ///   - payload: the hash of the body as received.
    ///   - isForm: whether the operation takes a form, whose bytes the SDKs leave unsigned.
    package func verify(payload: PayloadHash, isForm: Bool, now: Int64) throws(RecognitionFault) -> Proven {
        guard abs(date - now) <= SignatureDate.window else { throw .dateOutsideWindow }
        let payloads = try payloads(payload, isForm: isForm)
        let form = ReceivedForm(method: method, target: target, fields: fields)
        let isGood = form.digests(payloads: payloads).contains { digest in
            let text = "SDK-HMAC-SHA256\n\(dateText)\n\(Self.hexadecimal(digest))"
            let expected = Array(text.utf8).withUnsafeBytes { entry.key.authenticate($0) }
            return expected == header.signature
        }
        guard isGood else { throw .signatureMismatch }
        try entry.life.use(at: now)
        let id = String(header.accessKeyID)
        return Proven(
            key: CallerFacts.ProvenKey(kind: .virtual, id: id, caller: entry.caller, endsAt: entry.life.endsAt),
            signature: ReplayMemory.SignatureUse(of: header.signature, by: id, date: date))
    }

    /// Whether a field, by its name in lower case, can't have been changed or added after the signature was made.
    package func covers(_ name: String) -> Bool { header.signedHeaders.contains(name) }

    /// Whether the signature doesn't cover the body.
    package var leavesBodyOut: Bool { declaredPayload == ReceivedForm.unsignedPayload }

    /// The allowed payload lines of the canonical request.
    private func payloads(_ payload: PayloadHash, isForm: Bool) throws(RecognitionFault) -> [String] {
        let (digest, isEmpty) = (payload.text, payload == .empty)
        switch declaredPayload {
        case nil, digest: return [digest]
        case ReceivedForm.unsignedPayload where isForm || isEmpty:
            // For an empty body the Python SDK still signs the digest (protocol page a.5, item 2).
            return isEmpty ? [ReceivedForm.unsignedPayload, digest] : [ReceivedForm.unsignedPayload]
        case ReceivedForm.unsignedPayload: throw .unsignedBody
        default: throw .signatureMismatch
        }
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
