import Audit
import Crypto
import NIOCore

extension Record.RequestBody {
    /// What a record keeps of a body at a level above `none`.
    init(of body: ByteBuffer, isJSON: Bool, level: BodyLevel) {
        self.init(bytes: body.readableBytes, sha256: SHA256Hash(body.withUnsafeReadableBytes { SHA256.hash(data: $0) }))
        guard level >= .fields, isJSON else { return }
        let kept = KeptBody(json: body.readableBytesView)
        fields = kept.fields
        text = level == .full ? kept.text : nil
        isTruncated = kept.isCut
    }
}
