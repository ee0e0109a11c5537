import Audit
import NIOCore

extension Record.RequestBody {
    /// What a record keeps of a body at a level above `none`.
    init(of body: ByteBuffer, _ digest: BodyDigest, isJSON: Bool, level: BodyLevel) {
        self.init(bytes: body.readableBytes, sha256: digest.value.flatMap { SHA256Hash($0) })
        guard level >= .fields, isJSON else { return }
        let kept = KeptBody(json: body.readableBytesView)
        fields = kept.fields
        text = level == .full ? kept.text : nil
        isTruncated = kept.isCut
    }
}
