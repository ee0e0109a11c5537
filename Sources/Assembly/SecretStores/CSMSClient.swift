import Codecs
import Credentials
import Crypto
import Glibc
import Settings
import Shipping
import Transport

/// Reads secrets from Huawei Cloud's CSMS with signed calls: `GET /v1/{project_id}/secrets/{name}/versions/latest`. Used by one thread at a time.
struct CSMSClient: SecretStoreClient {
    private let settings: SecretStoreSettings.CSMS
    private let call: StoreCall
    private var keys: CSMSKeys
    /// They are not tried again before they change, since that locks the user.
    private let refused: RefusedStoreKeys

    init(_ settings: SecretStoreSettings.CSMS, _ terms: StoreCall.Terms, _ refused: RefusedStoreKeys) throws(StoreFault) {
        self.settings = settings
        self.refused = refused
        call = try StoreCall("CSMS", settings.endpoint, authorityFile: settings.authorityFile, isProxied: true, terms)
        keys = try CSMSKeys(settings.keys, terms, store: call.name)
    }

    /// The secret, or a member of it.
    mutating func read(_ reference: StoreReference) throws(StoreFault) -> [UInt8] {
        let current = try keys.current()
        // Temporary keys belong to no user that could be locked, and another attempt may get other keys.
        if !keys.areTemporary, refused.contains(current.digest) { throw wrongKeys }
        let path = "/v1/\(settings.project)/secrets/\(reference.path)/versions/latest"
        let answer = try call.send("GET", path, try signed(path, current))
        switch answer.status {
        case 200: return try value(in: answer.body, reference)
        case 401:
            if !keys.areTemporary { refused.insert(current.digest) }
            keys.forget()
            throw wrongKeys
        case 403:
            throw StoreFault(sentence: "\(call.name) knows the key and does not let it read \(reference): allow its user csms:secretVersion:get.")
        case 404: throw StoreFault(sentence: "\(call.name) has no secret of the name in \(reference): correct it, or the project.")
        case 429: throw StoreFault(sentence: "\(call.name) is asked too often: nothing to do, it is asked again later.", isOfStore: true)
        default: throw StoreFault(sentence: "\(call.name) answers with status \(answer.status): check the endpoint.", isOfStore: true)
        }
    }

    private var wrongKeys: StoreFault {
        let advice =
            keys.areTemporary
            ? "check this machine's clock and its agency"
            : "check that they belong together; they are not shown again before they change"
        return StoreFault(sentence: "\(call.name) refuses the access key or its signature: \(advice).", isOfStore: true)
    }

    private func signed(_ path: String, _ keys: CSMSKeys.Keys) throws(StoreFault) -> [HeaderField] {
        let time = SigningTime(secondsSinceEpoch: Int64(Glibc.time(nil)))
        var fields = [("X-Sdk-Date", time.dateText), ("X-Project-Id", settings.project), ("Content-Type", "application/json")]
        if let token = keys.securityToken { fields.append(("X-Security-Token", token)) }
        let headers = [SignedHeader("Host", call.host)] + fields.map { SignedHeader($0.0, $0.1) }
        do throws(CanonicalRequestError) {
            let canonical = try CanonicalRequest(UnsignedRequest(method: "GET", path: path, headers: headers))
            let proof = SDKHMACSigner.sign(canonical, with: SigningKey(keys.pair), at: time)
            return fields.map { HeaderField($0.0, $0.1) } + [HeaderField("Authorization", proof)]
        } catch {
            throw StoreFault(sentence: "The call to \(call.name) can't be signed: check the keys' form.", isOfStore: true)
        }
    }

    private func value(in body: [UInt8], _ reference: StoreReference) throws(StoreFault) -> [UInt8] {
        guard let version = JSONDocument(body)?["version"], version.isObject else {
            throw StoreFault(sentence: "\(call.name) does not answer as CSMS does: check the endpoint, and what stands between.", isOfStore: true)
        }
        let text: String
        if let string = version["secret_string"], string.isText, let found = string.text {
            text = found
        } else if let binary = version["secret_binary"], binary.isText, let bytes = binary.text.flatMap({ Base64.decode($0) }),
            let found = String(validating: bytes, as: UTF8.self)
        {
            text = found
        } else {
            throw StoreFault(sentence: "\(call.name) has no text at \(reference): write the secret as one.")
        }
        guard let field = reference.field else { return try StoreValue.checked(text, reference, call.name) }
        guard let document = JSONDocument(Array(text.utf8)), document.isObject, let member = document[field], member.isText, let found = member.text
        else {
            throw StoreFault(sentence: "\(call.name) has no JSON object with a text at \(reference): correct the reference, or the secret.")
        }
        return try StoreValue.checked(found, reference, call.name)
    }
}
